-- Times are RFC 3339 text, as the API gives them. The folded columns are for the search: lower case, by Unicode's rules.
ALTER TABLE users ADD COLUMN bio TEXT;
ALTER TABLE users ADD COLUMN created TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z';
ALTER TABLE users ADD COLUMN updated TEXT NOT NULL DEFAULT '1970-01-01T00:00:00Z';
ALTER TABLE users ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN email_folded TEXT NOT NULL DEFAULT '';
UPDATE users SET name_folded = lower(name), email_folded = lower(email);
CREATE UNIQUE INDEX users_email ON users (email);
