::counterpart::__provide_state!(Db);
