#!/usr/bin/env python3
"""A backend for file-answer-field in Python: the standard library, and botocore for signatures.

It answers every action of docs/protocol.md. It keeps nothing: an id carries its file, signed together with the person,
the question and its context. `subject_of` and `rules_of` are yours to replace; see README.md.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import sys
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from urllib.parse import quote

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024
EXPIRES_IN = 900  # seconds of a URL
MULTIPART_ABOVE = 32 * MIB  # bytes
PART_SIZE = 8 * MIB  # bytes; grows, so that 10,000 parts suffice
UPLOAD_LIFETIME = 7 * 24 * 3600  # seconds of an upload in parts, as the bucket's lifecycle rule keeps it
MAX_MEMBERS = 200
MAX_BODY = 256 * 1024  # bytes
ACTIVE_TYPES = re.compile(r"^(text/(html|xml|javascript|css)|image/svg\+xml|.*[/+]xml)$")


def subject_of(headers):
    """Who calls, by your own session; None refuses. Here: whatever the cookie `session` says."""
    session = SimpleCookie(headers.get("cookie", "")).get("session")
    return session.value if session is not None and session.value != "" else None


def rules_of(field):
    """The limits of a question; None where there is no such question."""
    return {"accept": ".pdf,image/*", "minSize": 1, "maxSize": 2048 * MIB, "maxFiles": 10}


class Refusal(Exception):
    """Answered as { error: { code, message } }. Nothing secret belongs into it: it reaches the page."""

    def __init__(self, status, code, message, **more):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, "message": message, **more}}


def invalid(message):
    return Refusal(400, "invalid", message)


def not_stored():
    return Refusal(404, "not-stored", "The file is not stored as it was granted.")


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()


class Tokens:
    """Ids and upload tokens: `body.mac`. `purpose` and `bound` are authenticated, and not carried."""

    def __init__(self, secret):
        if len(secret) < 32:
            sys.exit("UPLOAD_SECRET: 32 bytes or more, such as `openssl rand -base64 32` prints.")
        self.secret = secret.encode()

    def mac(self, purpose, body, bound):
        return encoded(hmac.new(self.secret, compact([purpose, body, bound]), hashlib.sha256).digest())

    def issue(self, purpose, value, bound):
        body = encoded(compact(value))
        return f"{body}.{self.mac(purpose, body, bound)}"

    def read(self, purpose, token, bound):
        """What was issued; None for foreign, forged and unknown tokens alike."""
        body, dot, mac = token.partition(".")
        if dot == "" or not body.isascii() or not mac.isascii():
            return None
        if not hmac.compare_digest(mac, self.mac(purpose, body, bound)):
            return None
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def is_whole(value, least):
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def text_of(body, name, longest):
    value = body.get(name)
    if not isinstance(value, str) or value == "" or len(value) > longest:
        raise invalid(f"Not as the protocol says: {name}.")
    return value


def members_of(body, name):
    value = body.get(name)
    if not isinstance(value, list):
        raise invalid(f"Not as the protocol says: {name}.")
    if len(value) > MAX_MEMBERS:
        raise Refusal(413, "batch-too-large", f"At most {MAX_MEMBERS} {name} a call.", limit=MAX_MEMBERS)
    return value


def safe_name(name):
    """The name to tell and to download under: never a path, never a key."""
    name = re.sub(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]", "_", name).strip() or "file"
    stem, ending = os.path.splitext(name)
    room = 180 - len(ending.encode())
    return (stem.encode()[:room].decode(errors="ignore") + ending) if room > 0 else "file"


def type_of(name, claimed):
    """The type that is signed. The extension decides: `page.html` sent as image/png is HTML."""
    return (guess_type(name)[0] or claimed or "application/octet-stream").lower()


def accepts(accept, name, kind):
    for token in (token.strip().lower() for token in accept.split(",")):
        if token.startswith(".") and name.lower().endswith(token):
            return True
        if token == kind or (token.endswith("/*") and kind.startswith(token[:-1]) and kind != "image/svg+xml"):
            return True
    return False


def breach_of(rules, name, kind, size):
    """Why the file may not be sent; None where it may."""
    if "accept" in rules and not accepts(rules["accept"], name, kind):
        return {"code": "file-type", "message": "This type of file is not accepted here."}
    if size < rules.get("minSize", 1):
        code = "file-empty" if size == 0 else "file-too-small"
        return {"code": code, "message": f"At least {rules.get('minSize', 1)} bytes."}
    if size > rules.get("maxSize", size):
        return {"code": "file-too-large", "message": f"At most {rules['maxSize']} bytes."}
    return None


class Storage:
    """The bucket: what is signed for browsers, and what this server asks of it."""

    def __init__(self, env):
        self.bucket = env["S3_BUCKET"]
        self.prefix = env.get("S3_PREFIX", "uploads/")
        self.client = botocore.session.get_session().create_client(
            "s3",
            endpoint_url=env.get("S3_ENDPOINT"),
            region_name=env.get("S3_REGION", "us-east-1"),
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if "S3_ENDPOINT" in env else "virtual"},
                # Else a presigned PUT demands the checksum of an empty body.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def new_key(self):
        return f"{self.prefix}{secrets.token_hex(16)}"

    def object(self, key):
        return {"Bucket": self.bucket, "Key": key}

    def signed(self, operation, parameters):
        return self.client.generate_presigned_url(operation, Params=parameters, ExpiresIn=EXPIRES_IN)

    def put_grant(self, file):
        """Key, length, type and headers are signed; the second PUT answers 412."""
        url = self.signed(
            "put_object",
            {
                **self.object(file["key"]),
                "ContentLength": file["size"],
                "ContentType": file["type"],
                "ContentDisposition": "attachment",
                "IfNoneMatch": "*",
                "ACL": "bucket-owner-full-control",
            },
        )
        headers = {
            "content-type": file["type"],
            "content-disposition": "attachment",
            "if-none-match": "*",
            "x-amz-acl": "bucket-owner-full-control",
        }
        return {"method": "PUT", "url": url, "headers": headers}

    def part(self, file, plan, number):
        size = min(plan["partSize"], file["size"] - (number - 1) * plan["partSize"])
        upload = {"UploadId": plan["uploadId"], "PartNumber": number, "ContentLength": size}
        return {"partNumber": number, "url": self.signed("upload_part", {**self.object(file["key"]), **upload})}

    def begin(self, file):
        begun = self.client.create_multipart_upload(
            **self.object(file["key"]),
            ContentType=file["type"],
            ContentDisposition="attachment",
            ACL="bucket-owner-full-control",
        )
        return begun["UploadId"]

    def link(self, file):
        ascii_name = re.sub(r'[^ !#-\[\]-~]', "_", file["name"])
        disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(file['name'], safe='')}"
        kind = "application/octet-stream" if ACTIVE_TYPES.match(file["type"]) else file["type"]
        answer = {"ResponseContentDisposition": disposition, "ResponseContentType": kind}
        return self.signed("get_object", {**self.object(file["key"]), **answer})

    def is_stored(self, file):
        """Whether the storage has it just as granted; the page is not asked."""
        try:
            head = self.client.head_object(**self.object(file["key"]))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return head["ContentLength"] == file["size"] and head.get("ContentType", "").lower() == file["type"]

    def parts(self, file, plan):
        """The parts as the storage lists them, all its pages; None where the upload is no more."""
        parts, marker = [], 0
        while True:
            try:
                page = self.client.list_parts(
                    **self.object(file["key"]), UploadId=plan["uploadId"], PartNumberMarker=marker
                )
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise
            parts += page.get("Parts", [])
            if not page.get("IsTruncated"):
                return parts
            marker = page["NextPartNumberMarker"]

    def join(self, file, plan):
        """Puts the parts together. Whether it worked is told by `is_stored`: another call may have been faster."""
        parts = self.parts(file, plan)
        if parts is None or len(parts) < plan["partCount"]:
            return
        chosen = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
        try:
            self.client.complete_multipart_upload(
                **self.object(file["key"]), UploadId=plan["uploadId"], MultipartUpload={"Parts": chosen}
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500 and not self.is_stored(file):
                raise

    def abort(self, file, upload_id):
        try:
            self.client.abort_multipart_upload(**self.object(file["key"]), UploadId=upload_id)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise

    def abort_all(self, file):
        listed = self.client.list_multipart_uploads(Bucket=self.bucket, Prefix=file["key"])
        for upload in listed.get("Uploads", []):
            if upload["Key"] == file["key"]:
                self.abort(file, upload["UploadId"])

    def delete(self, file):
        self.client.delete_object(**self.object(file["key"]))


class Backend:
    """The actions. `who` is the person, the question and its context: ids are worth nothing to others."""

    def __init__(self, storage, tokens):
        self.storage = storage
        self.tokens = tokens
        self.actions = {
            "presign": self.presign,
            "presign-parts": self.presign_parts,
            "list-parts": self.list_parts,
            "complete": self.complete,
            "abort": self.abort,
            "describe": self.describe,
            "discard": self.discard,
            "rules": lambda body, who, rules: {"rules": rules},
        }

    def answer(self, body, headers):
        action = body.get("action") if isinstance(body, dict) else None
        if not isinstance(action, str):
            raise invalid("The action is missing.")
        if action not in self.actions:
            raise Refusal(400, "unknown-action", "This endpoint does not know the action.")
        field, context = body.get("field"), body.get("context", {})
        if not isinstance(field, (str, type(None))) or not isinstance(context, dict):
            raise invalid("Not as the protocol says: field or context.")
        subject, rules = subject_of(headers), rules_of(field)
        if subject is None or rules is None:
            raise Refusal(403, "denied", "Not allowed.")
        return self.actions[action](body, [subject, field, context], rules)

    def file_of(self, id, who):
        file = self.tokens.read("id", id, who) if isinstance(id, str) else None
        if file is None:
            raise invalid("This id is not valid here.")
        return file

    def plan_of(self, body, id):
        plan = self.tokens.read("upload", text_of(body, "upload", 4096), id)
        if plan is None:
            raise invalid("This upload is not valid for the id.")
        return plan

    def presign(self, body, who, rules):
        files = members_of(body, "files")
        if files == []:
            raise invalid("Not as the protocol says: files.")
        for file in files:
            if not isinstance(file, dict):
                raise invalid("Not as the protocol says: files.")
            for name, longest in (("key", 128), ("name", 1024)):
                text_of(file, name, longest)
            if not is_whole(file.get("size"), 0) or not isinstance(file.get("type"), str):
                raise invalid("Not as the protocol says: size or type.")
        return {"grants": [{"key": file["key"], **self.grant(file, who, rules)} for file in files]}

    def grant(self, request, who, rules):
        name, size = safe_name(request["name"]), request["size"]
        kind = type_of(name, request["type"])
        breach = breach_of(rules, name, kind, size)
        if breach is not None:
            return {"error": breach}
        id = request.get("id")
        if id is None:
            file = {"key": self.storage.new_key(), "name": name, "size": size, "type": kind, "at": int(time.time())}
            id = self.tokens.issue("id", file, who)
        else:
            file = self.tokens.read("id", id, who) if isinstance(id, str) else None
            if file is None or file["size"] != size or file["type"] != kind:
                return {"error": {"code": "invalid", "message": "This id cannot be renewed."}}
        if size <= MULTIPART_ABOVE:
            return {"id": id, "expiresIn": EXPIRES_IN, **self.storage.put_grant(file)}
        part_size = max(PART_SIZE, -(-size // (10_000 * MIB)) * MIB)
        plan = {
            "uploadId": self.storage.begin(file),
            "partSize": part_size,
            "partCount": -(-size // part_size),
            "endsAt": int(time.time()) + UPLOAD_LIFETIME,
        }
        numbers = range(1, min(16, plan["partCount"]) + 1)
        return {
            "id": id,
            "method": "MULTIPART",
            "upload": self.tokens.issue("upload", plan, id),
            "partSize": part_size,
            "parts": [self.storage.part(file, plan, number) for number in numbers],
            "expiresIn": EXPIRES_IN,
        }

    def presign_parts(self, body, who, rules):
        file, plan = self.file_of(body.get("id"), who), self.plan_of(body, body["id"])
        numbers = members_of(body, "partNumbers")
        if not all(is_whole(number, 1) and number <= plan["partCount"] for number in numbers):
            raise invalid(f"The upload has {plan['partCount']} parts.")
        if plan["endsAt"] < time.time():
            raise Refusal(410, "expired", "The upload has ended; begin a new one.")
        return {"parts": [self.storage.part(file, plan, number) for number in numbers], "expiresIn": EXPIRES_IN}

    def list_parts(self, body, who, rules):
        file, plan = self.file_of(body.get("id"), who), self.plan_of(body, body["id"])
        parts = self.storage.parts(file, plan)
        if parts is None:
            raise Refusal(404, "not-stored", "The upload is no more.")
        return {
            "parts": [
                {"partNumber": part["PartNumber"], "etag": part["ETag"], "size": part["Size"]} for part in parts
            ]
        }

    def complete(self, body, who, rules):
        file = self.file_of(body.get("id"), who)
        if body.get("upload") is not None and not self.storage.is_stored(file):
            self.storage.join(file, self.plan_of(body, body["id"]))
        if not self.storage.is_stored(file):
            raise not_stored()
        return {"id": body["id"], "size": file["size"]}

    def abort(self, body, who, rules):
        file = self.file_of(body.get("id"), who)
        if body.get("upload") is None:
            self.storage.abort_all(file)
        else:
            self.storage.abort(file, self.plan_of(body, body["id"])["uploadId"])
        return {}

    def describe(self, body, who, rules):
        return {"files": [self.described(id, who) for id in members_of(body, "ids")]}

    def described(self, id, who):
        file = self.tokens.read("id", id, who) if isinstance(id, str) else None
        if file is None:
            return {"id": id, "error": {"code": "invalid"}}
        told = {name: file[name] for name in ("name", "size", "type")}
        return {"id": id, **told, "url": self.storage.link(file), "expiresIn": EXPIRES_IN}

    def discard(self, body, who, rules):
        for id in members_of(body, "ids"):
            file = self.tokens.read("id", id, who) if isinstance(id, str) else None
            if file is not None:
                if file["size"] > MULTIPART_ABOVE:
                    self.storage.abort_all(file)
                self.storage.delete(file)
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend = None

    def do_POST(self):
        try:
            self.reply(200, self.backend.answer(self.json_body(), self.headers))
        except Refusal as refusal:
            self.reply(refusal.status, refusal.body)
        except Exception as error:  # what is inside stays inside
            self.log_error("%s", type(error).__name__)
            self.reply(500, {"error": {"code": "server", "message": "Something went wrong."}})

    def json_body(self):
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            raise Refusal(413, "batch-too-large", f"At most {MAX_BODY} bytes.", limit=25)
        text = self.rfile.read(int(length))
        # A foreign page can send text/plain without asking; JSON it cannot.
        if self.headers.get_content_type() != "application/json":
            raise Refusal(415, "content-type", "Send application/json.")
        if self.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refusal(403, "denied", "Only pages of this origin may call.")
        try:
            return json.loads(text)
        except ValueError:
            raise invalid("The body is not JSON.") from None

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.send_header("cache-control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code="-", size="-"):
        pass


def main():
    Handler.backend = Backend(Storage(os.environ), Tokens(os.environ.get("UPLOAD_SECRET", "")))
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Handler)
    print(f"http://127.0.0.1:{server.server_port}/api/uploads", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
