"""Certificates of a private authority, made with openssl for a test."""

import subprocess
from pathlib import Path
from typing import NamedTuple

VALID = ("20250101000000Z", "21250101000000Z")
EXPIRED = ("20240101000000Z", "20240201000000Z")
_CONFIGURATION = """
[ca]
default_ca = private
[private]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""
# What RFC 5280 wants of each certificate, and Python from 3.13 on as well.
_EXTENSIONS = """\
basicConstraints = CA:FALSE
keyUsage = digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Certificate(NamedTuple):
    """A certificate and its private key, as PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority that nobody knows but those who are given its certificate."""

    def __init__(self, directory: Path, name: str) -> None:
        directory.mkdir()
        self._directory = directory
        (directory / "index.txt").touch()
        (directory / "ca.cnf").write_text(_CONFIGURATION)
        key, self.certificate = directory / "authority.key", directory / "authority.pem"
        self._key = key
        usage = ("-addext", "keyUsage = critical, keyCertSign, cRLSign")
        named = ("-out", self.certificate, "-subj", f"/CN={name}", "-days", "9999")
        self._openssl("req", "-x509", *_new_key(key), *named, *usage)

    def issue(self, name: str, *, host: str, validity: tuple[str, str] = VALID) -> Certificate:
        """A certificate for a host name, valid from and until."""
        key, request, made = (self._directory / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        extensions = self._directory / f"{name}.cnf"
        extensions.write_text(f"subjectAltName = DNS:{host}\n{_EXTENSIONS}")
        self._openssl("req", "-new", *_new_key(key), "-out", request, "-subj", f"/CN={host}")
        signed_by = ("-cert", self.certificate, "-keyfile", self._key)
        dates = ("-startdate", validity[0], "-enddate", validity[1])
        self._openssl("ca", "-batch", "-config", "ca.cnf", *signed_by, *dates, "-notext", "-in", request, "-out", made,
                      "-extfile", extensions)  # fmt: skip
        return Certificate(made, key)

    def _openssl(self, *arguments: object) -> None:
        command = ["openssl", *map(str, arguments)]
        subprocess.run(command, cwd=self._directory, check=True, capture_output=True, timeout=60)


def _new_key(path: Path) -> tuple[object, ...]:
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path)
