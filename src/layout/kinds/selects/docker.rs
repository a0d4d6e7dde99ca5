//! What the collector keeps of what an engine says of itself.

use crate::layout::kinds::row::Group;
use crate::layout::kinds::row::Select::Fields;

/// What an engine says of itself; MKE answers in the same words.
pub(in crate::layout::kinds) const INFO: &[Group] = &[
    (
        "",
        Fields(
            "ID Name ServerVersion OperatingSystem OSType OSVersion Architecture KernelVersion NCPU MemTotal
        SystemTime Containers ContainersRunning ContainersPaused ContainersStopped Images Driver DriverStatus
        SystemStatus LoggingDriver CgroupDriver CgroupVersion DefaultRuntime DockerRootDir SecurityOptions
        Labels=words LiveRestoreEnabled ExperimentalBuild Debug IPv4Forwarding BridgeNfIptables
        BridgeNfIp6tables MemoryLimit SwapLimit PidsLimit OomKillDisable CPUShares CPUSet Isolation
        ProductLicense IndexServerAddress InitBinary Warnings ServerErrors",
        ),
    ),
    ("ClientInfo", Fields("Version Context Os Arch")),
    ("Plugins", Fields("Volume Network Authorization Log")),
    (
        "RegistryConfig",
        Fields(
            "InsecureRegistryCIDRs Mirrors IndexConfigs.*.Name IndexConfigs.*.Secure IndexConfigs.*.Official
        IndexConfigs.*.Mirrors",
        ),
    ),
    ("Runtimes", Fields("*.path")),
    (
        "Swarm",
        Fields(
            "NodeID NodeAddr LocalNodeState ControlAvailable Error Nodes Managers RemoteManagers.NodeID
        RemoteManagers.Addr",
        ),
    ),
    (
        "Swarm.Cluster",
        Fields(
            r#"ID CreatedAt UpdatedAt RootRotationInProgress DataPathPort TLSInfo.TrustRoot Spec.Name
        Spec.Labels["com.docker.ucp.InstanceID"] Spec.CAConfig.NodeCertExpiry Spec.EncryptionConfig.AutoLockManagers
        Spec.Orchestration.TaskHistoryRetentionLimit"#,
        ),
    ),
];

/// The version of one program.
const PROGRAM: &str =
    "Version ApiVersion MinAPIVersion GitCommit GoVersion Os Arch BuildTime KernelVersion Platform.Name
    Components.Name Components.Version";

/// The versions of a client and of a server.
pub(in crate::layout::kinds) const VERSION: &[Group] = &[
    ("", Fields(PROGRAM)),
    ("Client", Fields(PROGRAM)),
    ("Client", Fields("Context DefaultAPIVersion")),
    ("Server", Fields(PROGRAM)),
];
