CREATE TABLE users (
    id    INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, so a cursor stays true after a delete
    name  TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL
) STRICT;
