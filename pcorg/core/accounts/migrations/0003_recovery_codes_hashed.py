"""Recovery codes are kept hashed. Those that people have on paper go on working."""

import base64
import hashlib
import secrets

from django.db import migrations

ROUNDS = 600_000


def hash_codes(apps, schema_editor):
    devices = apps.get_model("otp_static", "StaticDevice").objects.using(schema_editor.connection.alias)
    for device in devices.exclude(name__startswith="Recovery codes pbkdf2_sha256"):
        salt = secrets.token_bytes(8)
        for token in device.token_set.all():
            digest = hashlib.pbkdf2_hmac("sha256", token.token.encode(), salt, ROUNDS, dklen=10)
            token.token = base64.b32encode(digest).decode().lower()
            token.save()
        device.name = f"Recovery codes pbkdf2_sha256${ROUNDS}${salt.hex()}"
        device.save()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_accounts_kept"), ("otp_static", "0003_add_timestamps")]

    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
