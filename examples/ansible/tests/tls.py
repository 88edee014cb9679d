"""TLS before a simulator, by a private authority, as a reverse proxy ends it."""

import datetime
import ipaddress
import socket
import socketserver
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def _certificate(name, key, authority, authority_key):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, authority)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=name == authority, path_length=None), critical=True)
    )
    if name != authority:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class Front(socketserver.ThreadingTCPServer):
    """Listens with TLS, and passes everything on."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, simulator, folder):
        authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.authority = folder / "authority.pem"
        self.authority.write_bytes(
            _certificate("authority", authority_key, "authority", authority_key)
        )
        chain = folder / "chain.pem"
        chain.write_bytes(
            _certificate("front", key, "authority", authority_key)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)
        host, _, port = simulator.url.removeprefix("http://").partition(":")
        self.behind = (host, int(port))
        super().__init__(("127.0.0.1", 0), _Passing)
        self.url = f"https://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Passing(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            outside = self.server.context.wrap_socket(self.request, server_side=True)
        except OSError:
            return  # who does not trust us breaks the handshake off
        with outside, socket.create_connection(self.server.behind) as inside:
            back = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
            back.start()
            _copy(outside, inside)
            back.join()


def _copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
