//! What keeps the memory of this process to itself.

/// Asks the operating system never to write this process's memory to a file, and to keep other processes of the person
/// from reading it. A process that runs as root can still do so.
///
/// `RLIMIT_CORE` alone isn't enough: a core that the kernel pipes to a collector (systemd-coredump, apport) has no size.
/// Source: core(5), `PR_SET_DUMPABLE` in prctl(2).
#[cfg(target_os = "linux")]
pub fn keep_memory_private() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    // Neither call can fail for such values, unless a sandbox forbids it; then the sandbox decides who sees memory.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum }).unwrap_or_default();
    set_dumpable_behavior(DumpableBehavior::NotDumpable).unwrap_or_default();
}

/// Asks the operating system never to write this process's memory to a file. Other processes of the person can't read it either,
/// once the program is signed with the hardened runtime, as `installer/macos/build.sh` does. Sources: setrlimit(2);
/// <https://developer.apple.com/documentation/security/hardened-runtime>
#[cfg(all(unix, not(target_os = "linux")))]
pub fn keep_memory_private() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum }).unwrap_or_default();
}

/// Windows keeps no dump of a program unless its administrator asks for it: `LocalDumps` in the registry. Its error reporting may
/// take one on the way to Microsoft if the computer's owner agreed to send more than the usual.
/// <https://learn.microsoft.com/windows/win32/wer/collecting-user-mode-dumps>
#[cfg(not(unix))]
pub fn keep_memory_private() {}
