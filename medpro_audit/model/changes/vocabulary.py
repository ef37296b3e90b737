"""What calls of packages change something, and what kind of thing. To teach one, add a line.

Only what surely changes something is named: a call that may, such as a request to another service, is no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from medpro_audit.model.access.packages import is_store
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.sql.methods import METHODS

Kind = Literal["database", "file", "mail", "memory", "message", "payment", "process", "queue", "service", "storage"]

SAID: Mapping[Kind, str] = {
    "database": "writes to the database",
    "file": "changes files",
    "mail": "sends mail",
    "memory": "changes what other requests see in memory",
    "message": "sends a message",
    "payment": "changes payments",
    "process": "starts a process",
    "queue": "puts work into a queue",
    "service": "changes something at another service",
    "storage": "changes what is stored elsewhere",
}
"""In words, of an endpoint."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WRITES = _words(
    "$executeRaw $executeRawUnsafe batchInsert bulkCreate bulkSave bulkWrite createMany createManyAndReturn "
    "createOrUpdate deleteById deleteMany deleteOne destroyAll destroyOne findAndModify findByIdAndDelete "
    "findByIdAndRemove findByIdAndUpdate findOneAndDelete findOneAndRemove findOneAndReplace findOneAndUpdate "
    "findOrCreate insertAndFetch insertGraph insertMany insertOne patchAndFetchById persistAndFlush "
    "removeAndFlush replaceOne softDelete softRemove updateAttributes updateById updateMany updateOne upsert "
    "upsertGraph"
)
"""Methods whose names tell of a database that is written to, whatever they are called on."""
_ON_STORES = WRITES | _words(
    "create decrement del delete destroy increment insert patch put remove save truncate update"
)
_DOCUMENTS = _words("add push set")
"""The same of stores of documents, where these are no settings."""
_STORES_OF_DOCUMENTS = _words(
    "@google-cloud/firestore @google-cloud/datastore firebase-admin firebase-admin/firestore "
    "firebase-admin/database lowdb"
)
_OTHER_STORES = _words(
    "@elastic/elasticsearch @google-cloud/datastore @google-cloud/firestore @mikro-orm/postgresql "
    "@mikro-orm/mysql @seald-io/nedb @sequelize/core @supabase/supabase-js arangojs firebase-admin/database "
    "firebase-admin/firestore kysely level marsdb mongojs monk nano neo4j-driver pouchdb rethinkdb waterline"
)
_ONLY_MADE = {"typeorm": "create", "@mikro-orm/core": "create", "@mikro-orm/postgresql": "create"}
"""What only makes a record that nothing has saved yet."""
_KEPT_IN_CACHES = _words(
    "del hdel hmset hset lpush publish rpush sadd unlink xadd zadd hSet lPush rPush sAdd xAdd zAdd"
)
"""Of redis: a value that is only set may be a cache."""

_FILE_CALLS = _words(
    "append appendFile appendFileSync copy copyFile copyFileSync copySync cp cpSync createWriteStream emptyDir "
    "move moveSync outputFile outputFileSync outputJson outputJsonSync remove removeSync rename renameSync rm "
    "rmSync rmdir rmdirSync symlink truncate unlink unlinkSync write writeFile writeFileSync writeJSON "
    "writeJson writeJsonSync writeSync"
)
DELETING = _words("remove removeSync rm rmSync rmdir rmdirSync unlink unlinkSync")
"""Of these, the ones that also tidy up what an upload has left."""
_PAYING = _words("authorize cancel capture charge confirm create del refund sale submitForSettlement update void")
_SENDING = re.compile(
    r"^(?:send|transactionalEmails\.send)|\.send[A-Z]?\w*$|(?:^|\.)(?:messages|emails)\.(?:create|send)$"
)
_CLOUD = _words(
    "copyObject deleteObject deleteObjects destroy fPutObject invoke publish putItem putObject removeObject "
    "removeObjects sendEmail sendMessage upload uploadFile upload_large upload_stream uploadData uploadStream "
    "updateItem deleteItem"
)
_COMMAND = re.compile(
    r"(?:^|\.)(?:BatchWrite|Complete|Copy|Create|Delete|Invoke|Publish|Put|Send|Start|TransactWrite|Update|Upload)\w*Command$"
)

_BY_PACKAGE: Mapping[str, tuple[Kind, frozenset[str]]] = {
    **dict.fromkeys(("fs", "fs/promises", "fs-extra", "graceful-fs"), ("file", _FILE_CALLS)),
    **dict.fromkeys(("del", "rimraf"), ("file", _words("del rimraf default sync"))),
    "child_process": ("process", _words("exec execFile execFileSync execSync fork spawn spawnSync")),
    "cross-spawn": ("process", _words("cross-spawn default spawn sync")),
    "execa": ("process", _words("default execa execaCommand execaSync execaCommandSync command sync")),
    "pm2": ("process", _words("delete reload restart start stop")),
    "shelljs": ("process", _words("exec mv rm cp mkdir")),
    **dict.fromkeys(
        ("@paypal/checkout-server-sdk", "braintree", "mollie", "@mollie/api-client", "razorpay", "square", "stripe"),
        ("payment", _PAYING),
    ),
    **dict.fromkeys(
        ("bull", "bullmq", "bee-queue", "p-queue", "agenda", "kue", "pg-boss"),
        ("queue", _words("add addBulk createJob every now publish save schedule send")),
    ),
    **dict.fromkeys(
        ("amqplib", "amqplib/callback_api", "amqp-connection-manager", "kafkajs", "kafka-node", "node-rdkafka", "nats"),
        ("queue", _words("produce publish send sendBatch sendToQueue")),
    ),
    **dict.fromkeys(
        ("@google-cloud/pubsub", "@google-cloud/tasks", "@azure/service-bus", "mqtt", "async-mqtt"),
        ("queue", _words("createTask publish publishJSON publishMessage sendMessages")),
    ),
    **dict.fromkeys(("socket.io", "pusher", "web-push"), ("message", _words("emit sendNotification trigger"))),
    "twilio": ("message", _words("create")),
    "expo-server-sdk": ("message", _words("sendPushNotificationsAsync")),
    "@slack/web-api": ("message", _words("postMessage")),
    "node-telegram-bot-api": ("message", _words("sendMessage sendPhoto sendDocument")),
    **dict.fromkeys(("aws-sdk", "cloudinary", "imagekit", "minio"), ("storage", _CLOUD | _words("putItem"))),
    "@google-cloud/storage": ("storage", _words("copy createWriteStream delete move save upload")),
    "@azure/storage-blob": ("storage", _words("delete deleteIfExists upload uploadData uploadFile uploadStream")),
}
"""Kind of change and last names of the calls, by package."""
_MAILING = _words(
    "@getbrevo/brevo @mailchimp/mailchimp_transactional @sendgrid/mail emailjs mailgun-js mailgun.js "
    "node-mailjet nodemailer postmark resend sib-api-v3-sdk"
)
_ASKING = _words(
    "@anthropic-ai/sdk @google/generative-ai axios bent cross-fetch fetch follow-redirects got groq-sdk http "
    "https isomorphic-fetch ky needle node-fetch openai phin request request-promise superagent undici"
)
"""Packages that send requests to other services: what those change can't be seen here."""
_RESOURCE = re.compile(r"(?:^|\.)[a-z]\w+s\.(?:cancel|create|del|delete|destroy|remove|update)$")
"""Libraries of services name what they change: ``letters.create``."""


def change_of(callee: External) -> Kind | None:
    """What kind of thing a call of a package surely changes, if any."""
    package, last = callee.package, callee.name.rpartition(".")[2] or callee.package
    if package in _BY_PACKAGE:
        kind, names = _BY_PACKAGE[package]
        return kind if last in names else None
    if package in _MAILING:
        return "mail" if _SENDING.search(callee.name) else None
    if package.startswith("@aws-sdk/"):
        return "storage" if _COMMAND.search(callee.name) else None
    if is_cache(package):
        return "database" if last in _KEPT_IN_CACHES else None
    if is_store(callee) or package in _OTHER_STORES:
        return "database" if _is_written(package, last) else None
    if package in _ASKING:
        return None
    if last in WRITES:
        return "database"
    return "service" if _RESOURCE.search(callee.name) else None


def _is_written(package: str, last: str) -> bool:
    if _ONLY_MADE.get(package) == last:
        return False
    if package in _STORES_OF_DOCUMENTS and last in _DOCUMENTS:
        return True
    return last in _ON_STORES or METHODS.get(package, {}).get(last, "select") != "select"


def asks_elsewhere(callee: External) -> bool:
    """Whether a call sends a request to another service."""
    return callee.package in _ASKING
