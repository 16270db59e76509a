"""Judges DKIM signatures by a program that shares no code with Felag.

    dkim_check.py key FOLDER BITS             writes FOLDER/pkcs8.pem, FOLDER/pkcs1.pem and FOLDER/record.txt
    dkim_check.py verify RECORD MAIL NAME     exits with 1 unless the mail is signed by the key published at NAME
"""

import base64
import pathlib
import sys

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def key(folder, bits):
    folder = pathlib.Path(folder)
    private = rsa.generate_private_key(public_exponent=65537, key_size=int(bits))
    encodings = {
        "pkcs8": serialization.PrivateFormat.PKCS8,
        "pkcs1": serialization.PrivateFormat.TraditionalOpenSSL,
    }
    for name, encoding in encodings.items():
        pem = private.private_bytes(serialization.Encoding.PEM, encoding, serialization.NoEncryption())
        (folder / f"{name}.pem").write_bytes(pem)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "record.txt").write_text("v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode())


def verify(record, mail, name):
    record = pathlib.Path(record).read_bytes()
    asked = []

    def look_up(domain, timeout=5):
        asked.append(domain.decode().rstrip("."))
        return record if asked[-1] == name else None

    good = dkim.verify(pathlib.Path(mail).read_bytes(), dnsfunc=look_up)
    print("valid" if good else f"not valid; asked for {asked}")
    sys.exit(0 if good else 1)


{"key": key, "verify": verify}[sys.argv[1]](*sys.argv[2:])
