/** The minor version of Kubernetes whose behaviour the API follows. */
const KUBERNETES = { major: '1', minor: '32' };

/** Answer of `/version`: clients parse it as a version of Kubernetes. */
export function versionInfo(productVersion: string): object {
  const { major, minor } = KUBERNETES;
  return {
    major,
    minor,
    gitVersion: `v${major}.${minor}.0+registrar.${productVersion}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  };
}
