use super::*;

#[tokio::test]
async fn no_wait_is_longer_than_what_is_left() {
    let mut attempts = Retry { total: Duration::from_secs(1) }.start();
    assert!(!attempts.next(Some(Duration::from_secs(2))).await);
    assert!(!attempts.next(Some(Duration::MAX)).await);
    let mut forever = Retry { total: Duration::MAX }.start();
    assert!(forever.next(None).await);
    assert_eq!(forever.count, 2);
}
