import { printable } from '../../lib/printable.js';

const MANIFEST = /\.(yaml|yml|json)$/;

/** Stands for bytes of a name that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * True for a file that may declare modules. What editors leave beside one while they save
 * (`.x.yaml.swp`, `4913`, `x.yaml~`, `#x.yaml#`, `.#x.yaml`) never has such a name.
 */
export function isManifestName(name: string): boolean {
  return MANIFEST.test(name) && !isHiddenName(name);
}

/** Dot-files, dot-folders and the `..data` layout of Kubernetes: not read under that name. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.');
}

/** False for a name that would deceive in a message, or that does not lead to its file. */
export function isShowableName(name: string): boolean {
  return printable(name, name.length) === name && !name.includes(REPLACEMENT);
}
