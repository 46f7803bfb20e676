/** A remote that sends less than this for so long is given up. */
export interface LowSpeed {
  readonly bytesPerSecond: number;
  readonly seconds: number;
}

export const LOW_SPEED: LowSpeed = { bytesPerSecond: 1000, seconds: 20 };

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Files larger than this are streamed and not held in memory. */
const BIG_FILE = '16m';

/**
 * Settings that no repository may change: nothing from it is run, followed or rewritten, and what it
 * sends is checked before it is kept.
 */
const HARDENING: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.symlinks': 'false',
  'core.attributesFile': '/dev/null',
  'core.bigFileThreshold': BIG_FILE,
  'protocol.ext.allow': 'never',
  'fetch.fsckObjects': 'true',
  // Harmless traces of old programs, which are in the history of well-known repositories.
  'fetch.fsck.badTimezone': 'ignore',
  'fetch.fsck.missingSpaceBeforeDate': 'ignore',
  'fetch.fsck.zeroPaddedFilemode': 'ignore',
  // Always a pack, so that there is one file to watch and few to remove.
  'fetch.unpackLimit': '1',
  'fetch.recurseSubmodules': 'false',
  'submodule.recurse': 'false',
  'transfer.bundleURI': 'false',
  'credential.helper': '',
  'http.followRedirects': 'false',
  'http.sslVerify': 'true',
  'http.proxy': '',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'pack.threads': '1',
  'tar.umask': '0022',
  'gpg.x509.program': '/bin/false',
};

/** `-c` options for all settings, with others that hold for one call. */
export function configFlags(
  lowSpeed: LowSpeed,
  others: Readonly<Record<string, string>>,
): string[] {
  const speed = {
    'http.lowSpeedLimit': String(lowSpeed.bytesPerSecond),
    'http.lowSpeedTime': String(lowSpeed.seconds),
  };
  const settings = { ...HARDENING, ...speed, ...others };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * The environment of git, built from nothing: no configuration, credentials or proxy of the account
 * that runs this process. No protocol is allowed until a call says so.
 */
export function gitEnvironment(
  home: string,
  others: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? DEFAULT_PATH,
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_SSH_VARIANT: 'ssh',
    GIT_SSH_COMMAND: '/bin/false',
    ...others,
  };
}
