//! [`Read`]: one read as a value, and what to do with its response.

use serde::de::DeserializeOwned;

use super::snapshot::Stored;
use super::{GroupId, Page, Permission, PermissionHolder, Snapshot, VersionResponse, permission};
use crate::error::{Error, ErrorKind};
use crate::http::Request;
use crate::ids::Resource;
use crate::resource::{Object, segment};

/// Where in a response decoding failed, and why.
pub(crate) type DecodeError = serde_path_to_error::Error<serde_json::Error>;

/// Puts a response, or a page of one, into the snapshot.
type Store = fn(&Read, &mut Snapshot, &[u8]) -> Result<(), DecodeError>;

/// One read: the request, and where its response belongs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Read {
    /// The request that is sent.
    pub request: Request,
    /// Whether a 404 means that there is no such object.
    pub(crate) may_be_absent: bool,
    /// Which errors a plan can do with: they are noted, and no failure.
    pub(crate) tolerates: fn(&Error) -> bool,
    /// Whether one page is enough, and one attempt: it is for people, and not worth a wait.
    pub(crate) is_one_page: bool,
    holder: Option<PermissionHolder>,
    store: Store,
}

impl Read {
    fn new(request: Request, store: Store) -> Self {
        Self {
            request,
            may_be_absent: false,
            tolerates: |_| false,
            is_one_page: false,
            holder: None,
            store,
        }
    }

    fn one<T: Stored>() -> Store {
        |_, snapshot, body| decode::<T>(body).map(|one| one.store(snapshot))
    }

    /// A list of objects, narrowed down by filters. `name` is for messages: empty for more than one.
    pub(crate) fn list<T: Stored>(name: &str, filters: &[(&str, &str)]) -> Self {
        let resource = T::API.resource(name);
        let view = vec![T::API.permission("view")];
        Self::new(Request::list(resource, view, T::API.path, filters), |_, snapshot, body| {
            decode::<Page<T>>(body).map(|page| store_all(page.results, snapshot))
        })
    }

    /// NetBird's objects of a kind, if its server can be reached.
    pub(crate) fn netbird<T: Stored>() -> Self {
        let resource = T::API.resource("");
        let request = Request::get(resource, Vec::new(), T::API.path.to_owned()).to(T::API.server);
        // Its lists come whole.
        let store: Store =
            |_, snapshot, body| decode(body).map(|all| store_all::<T>(all, snapshot));
        Self { tolerates: is_away, ..Self::new(request, store) }
    }

    /// One object by its key; there may be none.
    pub(crate) fn item<T: Stored>(key: &str) -> Self {
        let resource = T::API.resource(key);
        let request = Request::get(resource, vec![T::API.permission("view")], T::API.item(key));
        Self { may_be_absent: true, ..Self::new(request, Self::one::<T>()) }
    }

    /// The users of an object; none where there is no object. The token may not be allowed to read them.
    /// `name` is the object's identity key.
    pub(crate) fn uses<T: Object>(key: &str, name: &str) -> Self {
        let resource = T::API.resource(name);
        let path = format!("{}{}/used_by/", T::API.path, segment(key));
        let request = Request::get(resource, vec![T::API.permission("view")], path);
        let store: Store = |read, snapshot, body| {
            let resource = read.request.resource.clone();
            decode(body).map(|uses| drop(snapshot.uses.insert(resource, uses)))
        };
        Self { may_be_absent: true, tolerates: hides_uses, ..Self::new(request, store) }
    }

    pub(crate) fn version() -> Self {
        let view = vec!["authentik_rbac.view_system_info".to_owned()];
        let request = Request::get(Resource::server("version"), view, "admin/version/".to_owned());
        Self::new(request, |_, snapshot, body| {
            let store = |found: VersionResponse| snapshot.version = Some(found.version_current);
            decode(body).map(store)
        })
    }

    /// Whose token it is. Needs no permission.
    pub(crate) fn caller() -> Self {
        let path = super::Me::API.path.to_owned();
        let request = Request::get(Resource::server("user of the token"), Vec::new(), path);
        Self::new(request, Self::one::<super::Me>())
    }

    /// A group by its primary key, without its members.
    pub(crate) fn group(pk: &GroupId) -> Self {
        let mut read = Self::item::<super::Group>(pk.as_str());
        read.request.path.push_str("?include_users=false");
        read
    }

    /// Permissions. Roles show theirs under two paths, and so do users.
    pub(crate) fn permissions(holder: PermissionHolder, user: &str) -> Self {
        let all = permission::PERMISSIONS;
        let (path, filter) = match &holder {
            PermissionHolder::Role(role) => (all.to_owned(), ("role", role.as_str())),
            PermissionHolder::RoleObjects(role) => {
                (format!("{all}roles/"), ("uuid", role.as_str()))
            }
            PermissionHolder::Caller => (all.to_owned(), ("user", user)),
            PermissionHolder::CallerObjects => (format!("{all}users/"), ("user_id", user)),
        };
        let resource = Permission::API.resource(filter.1);
        let view = vec![Permission::API.permission("view")];
        let request = Request::list(resource, view, &path, &[filter]);
        let holder = Some(holder);
        Self {
            holder,
            ..Self::new(request, |read, snapshot, body| {
                let page: Page<Permission> = decode(body)?;
                if let Some(holder) = &read.holder {
                    snapshot.permissions.entry(holder.clone()).or_default().extend(page.results);
                }
                Ok(())
            })
        }
    }

    /// Whether it is about what uses an object.
    pub(crate) fn is_of_uses(&self) -> bool {
        self.request.path.ends_with("/used_by/")
    }

    /// The same read, but one that a plan can do without.
    pub(crate) fn optional(self) -> Self {
        Self { tolerates: |_| true, ..self }
    }

    /// The newest entries alone, this many.
    pub(crate) fn newest(self, count: u32) -> Self {
        self.page(&format!("ordering=-created&page_size={count}"))
    }

    /// One entry, if there are any.
    pub(crate) fn any(self) -> Self {
        self.page("page_size=1")
    }

    fn page(mut self, query: &str) -> Self {
        let all = format!("page_size={}", Request::PAGE_SIZE);
        self.request.path = self.request.path.replace(&all, query);
        self.is_one_page = true;
        self
    }

    /// Puts a response, or a page of one, into the snapshot.
    pub(crate) fn store(&self, snapshot: &mut Snapshot, body: &[u8]) -> Result<(), DecodeError> {
        (self.store)(self, snapshot, body)
    }
}

/// Whether an error is all that the token can learn about what uses an object.
fn hides_uses(error: &Error) -> bool {
    error.is_permission_denied() || error.status() == Some(500)
}

/// Whether NetBird cannot be reached, or nobody gave its token: then a plan has the part of authentik alone. A
/// page or a redirect where NetBird's API was expected is a wrong URL, which somebody gave.
fn is_away(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::InvalidClient | ErrorKind::Transport => true,
        _ => error.status().is_some_and(|status| status >= 500),
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body))
}

fn store_all<T: Stored>(found: Vec<T>, snapshot: &mut Snapshot) {
    for one in found {
        one.store(snapshot);
    }
}
