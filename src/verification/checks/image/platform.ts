import { printable } from '../../../lib/printable.js';
import { check, NotVerified } from '../../check.js';

/** Names that kernels have for what engines and registries call otherwise. */
const SAME: Readonly<Record<string, string>> = {
  ...{ x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', armv6l: 'arm', i386: '386', i686: '386' },
};

const platformOf = (os: string, architecture: string): string => {
  const name = architecture.toLowerCase();
  return `${os.toLowerCase()}/${(Object.hasOwn(SAME, name) && SAME[name]) || name}`;
};

/** The engine can run the program. */
export const PLATFORM = check({
  id: 'image/platform',
  title: "The image is for the engine's platform",
  severity: 'high',
  mode: 'enforce',
  about: 'image',
  why: 'A program for another processor does not start, or runs many times slower under emulation.',
  remedy: 'Use an image for the platform, or warn only on a host that emulates it',
  run({ image: { os, architecture, engineOs, engineArchitecture } }) {
    if (os === '' || architecture === '') throw new NotVerified('The image names no platform');
    if (engineOs === '' || engineArchitecture === '') {
      throw new NotVerified('The engine names no platform');
    }
    const there = platformOf(os, architecture);
    const wanted = platformOf(engineOs, engineArchitecture);
    if (there === wanted) return [];
    const message = `The image is for "${printable(there, 80)}", the engine runs "${printable(wanted, 80)}"`;
    return [{ message }];
  },
});
