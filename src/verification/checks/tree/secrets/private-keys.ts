import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { isIgnored, lineAt, lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import type { Tree } from '../../../tree/tree.js';

/** How private keys are written down; enough of the key itself must follow, no `…` for it. */
const FORMS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'a private key (PEM)',
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s\\"'nr+,]|[A-Za-z][A-Za-z-]{2,20}: ?[^\n]{1,80}\n){0,20}[A-Za-z0-9+/=]{40}/g,
  },
  { what: 'a private key of PuTTY', pattern: /^PuTTY-User-Key-File-[1-9]: /gm },
  { what: 'a private key of age', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g },
  { what: 'a private key of WireGuard', pattern: /^PrivateKey *= *[A-Za-z0-9+/]{43}=/gm },
  {
    what: 'a private key (JWK)',
    pattern: /"kty" ?: ?"(?:RSA|EC|OKP)"[^{}]{0,1000}"d" ?: ?"[A-Za-z0-9_-]{40}/g,
  },
];

/** Files that hold keys, by their first bytes. */
const STORES: readonly {
  readonly what: string;
  readonly ending: RegExp;
  readonly magic: Buffer;
}[] = [
  { what: 'a Java key store', ending: /./, magic: Buffer.from('feedfeed', 'hex') },
  { what: 'a KeePass database', ending: /./, magic: Buffer.from('03d9a29a', 'hex') },
  { what: 'a key store (PKCS 12)', ending: /\.(?:p12|pfx)$/i, magic: Buffer.from([0x30]) },
];

/** No private keys. */
export const PRIVATE_KEYS = check({
  id: 'tree/private-keys',
  title: 'No file has a private key in it',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'Whoever can read the source or the image can act as the holder of the key, for good.',
  remedy: 'Replace the key by a new one, and give it to the module as a Secret or a mounted file',
  parameters: TextParameters,
  async run({ tree }, parameters) {
    const inText = await lookAtText(tree, parameters, keysIn);
    return [...inText, ...storesIn(tree, parameters.ignore)];
  },
});

const keysIn = ({ path: file, text }: TextFile): Problem[] =>
  FORMS.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => ({
      ...{ file, line: lineAt(text, index), message: `It has ${what} in it` },
    })),
  );

const storesIn = (tree: Tree, ignore: readonly string[]): Problem[] =>
  tree.entries
    .filter(({ path, type }) => type === 'file' && !isIgnored(path, ignore))
    .flatMap(({ path: file }) => {
      const head = tree.read(file, 8);
      const store = STORES.find(
        ({ ending, magic }) => ending.test(file) && head.subarray(0, magic.length).equals(magic),
      );
      return store === undefined ? [] : [{ file, message: `It is ${store.what}` }];
    });
