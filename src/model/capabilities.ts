/**
 * Linux capabilities that a policy can admit: what they allow stays in the container's own
 * namespaces. Those that reach the host itself are not among them, whatever a policy says: loading
 * modules, mounting (SYS_ADMIN), opening files by handle (DAC_READ_SEARCH), the clock, its log.
 */
export const CAPABILITIES = [
  ...(['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'IPC_LOCK'] as const),
  ...(['IPC_OWNER', 'KILL', 'LEASE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE'] as const),
  ...(['NET_BROADCAST', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID'] as const),
  ...(['SYS_CHROOT', 'SYS_NICE', 'SYS_PTRACE', 'SYS_RESOURCE'] as const),
] as const;
