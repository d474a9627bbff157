-- Run once by PostgreSQL's image, in an empty volume: one role owns the database and migrates, another serves, which can
-- neither alter the audit trail nor any table (docs/operations.md). Neither is a superuser.
\getenv owner_password PCORG_OWNER_PASSWORD
\getenv serving_password PCORG_SERVING_PASSWORD
CREATE ROLE pcorg_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE pcorg LOGIN PASSWORD :'serving_password';
CREATE DATABASE pcorg OWNER pcorg_owner;
