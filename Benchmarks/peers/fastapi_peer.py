"""What a shop's developer would write in Python: FastAPI and sqlite3, WAL, synchronous=FULL, PPRO-Signature verified, a unique key against duplicates.

DATABASE=FILE uvicorn fastapi_peer:app --port PORT --no-access-log
"""

import hashlib
import hmac
import json
import os
import sqlite3

from fastapi import FastAPI, Request, Response

SECRET = b"bench-signing-secret"
SCHEMA = """CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, source TEXT NOT NULL, eid TEXT NOT NULL, type TEXT, subject TEXT, time TEXT,
    body BLOB NOT NULL, state INT, next_at INT, UNIQUE (source, eid))"""
INSERT = "INSERT OR IGNORE INTO event (source, eid, type, subject, time, body, state, next_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0)"

app = FastAPI()
database = sqlite3.connect(os.environ["DATABASE"], isolation_level=None, timeout=20, check_same_thread=False)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute(SCHEMA)


@app.post("/webhooks/ppro")
async def receive(request: Request):
    body = await request.body()
    timestamp, _, code = request.headers.get("ppro-signature", "").removeprefix("t=").partition(",s=")
    expected = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), code.encode()):
        return Response(status_code=401)
    event = json.loads(body)
    database.execute(INSERT, (event["source"], event["id"], event.get("type"), event.get("subject"), event.get("time"), body))
    return Response(status_code=202)
