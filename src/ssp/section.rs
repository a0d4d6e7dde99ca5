//! The sections of the SSP: what each states. Reading and the JSON Schema both go by this table.

/// How a key's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Text,
    /// A list of texts, or one.
    Texts,
    /// A glob.
    Glob,
    /// A list of ports, or one: `443`, `443/tcp`, `8000-8010/udp`.
    Ports,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A version such as 3.7.8.
    Version,
    /// A quantity of Kubernetes, such as `500m` or `4Gi`.
    Quantity,
    /// True or false.
    Flag,
    /// A SHA-256 in hex.
    Sha256,
    /// Certificates in PEM.
    Certificates,
}

/// A key that the entries of a section have.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// Whether every entry has it.
    pub needed: bool,
    /// What it says.
    pub words: &'static str,
}

/// A section.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its name: the key in the file.
    pub name: &'static str,
    /// Whether it is a list of entries; otherwise it is one entry.
    pub list: bool,
    /// Whether what an entry states must be there: one that nothing meets is as much a deviation as a
    /// thing that no entry lists.
    pub required: bool,
    /// What it says.
    pub words: &'static str,
    /// What its entries state.
    pub keys: &'static [Key],
    /// Which of [`SCOPE_KEYS`] its entries may have.
    pub scope: &'static [&'static str],
}

const fn key(name: &'static str, form: Form, words: &'static str) -> Key {
    Key { name, form, needed: true, words }
}

const fn maybe(name: &'static str, form: Form, words: &'static str) -> Key {
    Key { name, form, needed: false, words }
}

/// Keys that say which objects an entry speaks of.
pub(crate) const SCOPE_KEYS: &[(&str, &str)] = &[
    ("image", "glob on the image; all images of a pod must match"),
    ("container", "glob on the container's name, without the leading slash"),
    ("name", "glob on the object's own name (a service, a network)"),
    ("namespace", "glob on the Kubernetes namespace"),
    ("node", "glob on the node's name, in upper or lower case; without a domain, in any"),
    ("role", "manager or worker: only on nodes with this role"),
];

/// Keys that every entry has.
pub(crate) const APPROVAL_KEYS: &[(&str, &str)] = &[
    ("reason", "why it is needed"),
    ("approver", "who approved it"),
    ("expires", "the last day on which it holds, as 2027-06-30"),
    ("approved", "whether it is approved; without it the entry decides nothing"),
];

const ON_CONTAINERS: &[&str] = &["image", "container", "name", "node", "role"];

/// Every section.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "exceptions",
        list: true,
        required: false,
        words: "exceptions: what single objects may do although a rule forbids it",
        keys: &[key("type", Form::OneOf(crate::rules::EXCEPTION_TYPES), "what is excused")],
        scope: &["image", "container", "name", "namespace", "node", "role"],
    },
    Section {
        name: "ports",
        list: true,
        required: false,
        words: "host ports that containers and services may publish",
        keys: &[key("ports", Form::Ports, "the ports")],
        scope: ON_CONTAINERS,
    },
    Section {
        name: "capabilities",
        list: true,
        required: false,
        words: "capabilities that containers may add to the engine's own set",
        keys: &[key("capabilities", Form::Texts, "the capabilities, with or without CAP_")],
        scope: ON_CONTAINERS,
    },
    Section {
        name: "services",
        list: true,
        required: false,
        words: "Kubernetes services that may run in system namespaces",
        keys: &[key("service", Form::Glob, "glob on the service's name")],
        scope: &["namespace"],
    },
    Section {
        name: "quotas",
        list: true,
        required: false,
        words: "the limits that each namespace has",
        keys: &[
            key("cpu", Form::Quantity, "the namespace's limits.cpu"),
            key("memory", Form::Quantity, "the namespace's limits.memory"),
        ],
        scope: &["namespace"],
    },
    Section {
        name: "log_drivers",
        list: true,
        required: false,
        words: "log drivers besides syslog and journald that bring logs to the log server",
        keys: &[key("driver", Form::Text, "the driver's name")],
        scope: &["node"],
    },
    Section {
        name: "orchestrators",
        list: true,
        required: false,
        words: "the orchestrators that run users' workloads, where the snapshot does not show it",
        keys: &[key("orchestrator", Form::OneOf(&["swarm", "kubernetes"]), "the orchestrator")],
        scope: &[],
    },
    Section {
        name: "signers",
        list: true,
        required: true,
        words: "teams that must sign the images that run",
        keys: &[key(
            "signer",
            Form::Text,
            "organization and team, as in MKE's settings (org/team); `anyone` where any signature is enough",
        )],
        scope: &[],
    },
    Section {
        name: "mke_version",
        list: false,
        required: false,
        words: "the version of MKE that is current",
        keys: &[key("version", Form::Version, "the version")],
        scope: &[],
    },
    Section {
        name: "msr_version",
        list: false,
        required: false,
        words: "the version of MSR that is current; no rule of V2R1 asks for it, rules of your own may",
        keys: &[key("version", Form::Version, "the version")],
        scope: &[],
    },
    Section {
        name: "docker_group",
        list: true,
        required: false,
        words: "accounts that may be in the group docker of a node, and so reach its engine",
        keys: &[key("member", Form::Glob, "glob on the account's name")],
        scope: &["node", "role"],
    },
    Section {
        name: "identity_providers",
        list: true,
        required: false,
        words: "the providers through which users log in: LDAP with its reader, SAML with its host, or another one",
        keys: &[
            maybe("ldap", Form::Text, "address of the LDAP server, as MKE's settings have it"),
            maybe("reader", Form::Text, "distinguished name with which MKE reads the directory"),
            maybe("saml", Form::Text, "address of the SAML provider's metadata"),
            maybe("host", Form::Text, "address of MKE that the SAML provider knows"),
            maybe("issuer", Form::Text, "issuer of another provider (OpenID Connect)"),
            maybe("discovery", Form::Text, "address of that provider's well-known configuration"),
        ],
        scope: &[],
    },
    Section {
        name: "grants",
        list: true,
        required: true,
        words: "MKE's grants: who has which role on which set of resources",
        keys: &[
            key("subject", Form::Glob, "glob on the subject's id"),
            key("role", Form::Glob, "glob on the role's id"),
            key("object", Form::Glob, "glob on the id of the collection or namespace"),
        ],
        scope: &[],
    },
    Section {
        name: "role_bindings",
        list: true,
        required: true,
        words: "bindings of Kubernetes, with `namespace` those of a namespace",
        keys: &[
            key("role", Form::Glob, "glob on the role with its kind, as `ClusterRole view`"),
            maybe(
                "subject",
                Form::Glob,
                "glob on the subject with its kind, as `User s.ortiz` or `ServiceAccount shop/web`",
            ),
        ],
        scope: &["name", "namespace"],
    },
    Section {
        name: "msr_accounts",
        list: true,
        required: true,
        words: "organizations and users of MSR",
        keys: &[
            key("account", Form::Glob, "glob on the name"),
            key("organization", Form::Flag, "whether it is an organization"),
            maybe("admin", Form::Flag, "whether the user is an administrator of MSR; not for organizations"),
        ],
        scope: &[],
    },
    Section {
        name: "msr_repositories",
        list: true,
        required: true,
        words: "repositories of MSR",
        keys: &[
            key("account", Form::Glob, "glob on the organization or user that it belongs to"),
            key("repository", Form::Glob, "glob on its name"),
            key("visibility", Form::OneOf(&["public", "private"]), "who may pull from it"),
        ],
        scope: &[],
    },
    Section {
        name: "msr_teams",
        list: true,
        required: true,
        words: "what teams of MSR may do with which repositories",
        keys: &[
            key("organization", Form::Glob, "glob on the team's organization"),
            key("team", Form::Glob, "glob on the team's name"),
            maybe("right", Form::Glob, "glob on the access with its repository, as `read-write shop/web`"),
        ],
        scope: &[],
    },
    Section {
        name: "msr_members",
        list: true,
        required: true,
        words: "who belongs to which organization of MSR, and with `team` to which of its teams",
        keys: &[
            key("organization", Form::Glob, "glob on the organization's name"),
            maybe("team", Form::Glob, "glob on the name of one of its teams"),
            key(
                "member",
                Form::Glob,
                "glob on the account with its role there, as `member s.ortiz` or `admin s.ortiz`",
            ),
        ],
        scope: &[],
    },
    Section {
        name: "trusted_ca",
        list: false,
        required: false,
        words: "the authorities whose certificates servers may have",
        keys: &[key("pem", Form::Certificates, "their certificates in PEM, one after the other")],
        scope: &[],
    },
    Section {
        name: "banner",
        list: false,
        required: false,
        words: "a notice of the site for its log-in page; no rule of V2R1 asks for it, rules of your own may",
        keys: &[
            maybe("text", Form::Text, "the text; white space does not count"),
            maybe("sha256", Form::Sha256, "SHA-256 of the text without any white space"),
        ],
        scope: &[],
    },
];

/// The section of a name.
#[must_use]
pub(crate) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}
