#[automatically_derived]
impl ::core::fmt::Display for UserError {
    #[allow(unused_variables)]
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::NotFound { id: field_id, .. } => {
                ::core::write!(formatter, "there is no user {id}", id = field_id)
            }
            Self::NameTaken { .. } => formatter.write_str("Conflict"),
            Self::Database { .. } => formatter.write_str("internal server error"),
            Self::Auth(nested) => ::core::fmt::Display::fmt(nested, formatter),
        }
    }
}
#[automatically_derived]
impl ::core::error::Error for UserError {
    fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
        #[allow(unused_imports)]
        use ::counterpart::private::AsCause as _;
        match self {
            Self::Database(source) => ::core::option::Option::Some(source.as_cause()),
            Self::Auth(nested) => ::core::error::Error::source(nested),
            _ => ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<sqlx::Error> for UserError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source)
    }
}
#[automatically_derived]
impl ::core::convert::From<AuthError> for UserError {
    fn from(source: AuthError) -> Self {
        Self::Auth(source)
    }
}
#[automatically_derived]
impl ::counterpart::private::ApiError for UserError {
    const VARIANTS: &'static [::counterpart::private::ErrorVariant] = {
        ::counterpart::private::assert_travels::<u64>();
        ::counterpart::private::assert_travels::<String>();
        &[
            ::counterpart::private::ErrorVariant {
                status: 404u16,
                code: "not-found",
                message: "there is no user {id}",
                nested: ::core::option::Option::None,
            },
            ::counterpart::private::ErrorVariant {
                status: 409u16,
                code: "name-taken",
                message: "",
                nested: ::core::option::Option::None,
            },
            ::counterpart::private::ErrorVariant {
                status: 500u16,
                code: "http.internal",
                message: "",
                nested: ::core::option::Option::None,
            },
            ::counterpart::private::ErrorVariant {
                status: 0,
                code: "",
                message: "",
                nested: ::core::option::Option::Some(
                    <AuthError as ::counterpart::private::ApiError>::VARIANTS,
                ),
            },
        ]
    };
    fn to_problem(&self) -> ::counterpart::private::Problem {
        #[allow(unused_imports)]
        use ::counterpart::private::ProbeDefault as _;
        match self {
            Self::NotFound { id: field_id } => {
                ::counterpart::private::Wire::<
                    u64,
                    { ::counterpart::private::Probe::<u64>::TRAVELS },
                >::put_member(
                    ::counterpart::private::Problem::of_variant(
                        404u16,
                        "not-found",
                        ::std::string::ToString::to_string(self),
                    ),
                    "id",
                    field_id,
                )
            }
            Self::NameTaken { name: field_name } => {
                ::counterpart::private::Wire::<
                    String,
                    { ::counterpart::private::Probe::<String>::TRAVELS },
                >::put_member(
                    ::counterpart::private::Problem::of_variant(
                        409u16,
                        "name-taken",
                        ::std::string::ToString::to_string(self),
                    ),
                    "name",
                    field_name,
                )
            }
            Self::Database { .. } => ::counterpart::private::Problem::of_opaque(500u16),
            Self::Auth(nested) => ::counterpart::private::ApiError::to_problem(nested),
        }
    }
    #[allow(unused_variables)]
    fn from_problem(
        problem: &::counterpart::private::Problem,
    ) -> ::core::option::Option<Self> {
        #[allow(unused_imports)]
        use ::counterpart::private::ProbeDefault as _;
        if problem.status.as_u16() == 404u16
            && problem.code.as_deref() == ::core::option::Option::Some("not-found")
        {
            return ::core::option::Option::Some(Self::NotFound {
                id: ::counterpart::private::Wire::<
                    u64,
                    { ::counterpart::private::Probe::<u64>::TRAVELS },
                >::take_member(problem, "id")?,
            });
        }
        if problem.status.as_u16() == 409u16
            && problem.code.as_deref() == ::core::option::Option::Some("name-taken")
        {
            return ::core::option::Option::Some(Self::NameTaken {
                name: ::counterpart::private::Wire::<
                    String,
                    { ::counterpart::private::Probe::<String>::TRAVELS },
                >::take_member(problem, "name")?,
            });
        }
        if let ::core::option::Option::Some(nested) = <AuthError as ::counterpart::private::ApiError>::from_problem(
            problem,
        ) {
            return ::core::option::Option::Some(Self::Auth(nested));
        }
        ::core::option::Option::None
    }
}
#[automatically_derived]
impl ::counterpart::private::Reply for UserError {
    fn reply(self) -> ::counterpart::private::Response {
        ::counterpart::private::reply_error(&self)
    }
}
