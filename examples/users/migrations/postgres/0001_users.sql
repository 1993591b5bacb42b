-- Times are RFC 3339 text, as the API gives them. The folded columns are for the search: lower case, by Unicode's rules.
CREATE TABLE users (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL UNIQUE,
    email        TEXT COLLATE "C" NOT NULL UNIQUE,
    bio          TEXT,
    created      TEXT NOT NULL,
    updated      TEXT NOT NULL,
    name_folded  TEXT COLLATE "C" NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL
);
