import { MAX_USER_ID } from '../model/module.js';
import type { ContainerTemplate } from '../model/revision.js';

/** Nobody, by the custom of images without a distribution: no account of the host has this id. */
export const DEFAULT_USER = '65532:65532';

/** The texts of /etc/passwd and /etc/group of an image. */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/** The user that a template asks for by number, if any. */
export function userOf({ securityContext }: ContainerTemplate): string | undefined {
  const { runAsUser } = securityContext;
  return runAsUser === undefined ? undefined : `${runAsUser}:${runAsUser}`;
}

/** True when the user of an image has names in it that only the image's accounts explain. */
export const isNamed = (user: string): boolean => user !== '' && !/^\d+(:\d+)?$/.test(user);

/**
 * The user of an image as numbers, `uid` or `uid:gid`. The default user stands in for root, also
 * for root by another name, and for one that cannot be made out.
 */
export function imageUser(user: string, accounts: Accounts): string {
  const [name = '', groupName] = user.split(':');
  // As the engine does it: digits are a number even where an account has them for a name.
  const entry = idOf(name) === undefined ? fieldsOf(accounts.passwd, name) : [];
  const uid = idOf(name) ?? idOf(entry[2]);
  if (uid === undefined || uid === 0) return DEFAULT_USER;
  if (groupName === undefined) return joined(uid, idOf(entry[3]));
  const gid = idOf(groupName) ?? idOf(fieldsOf(accounts.group, groupName)[2]);
  return gid === undefined ? DEFAULT_USER : joined(uid, gid);
}

/** `uid` and `gid` of a user written in numbers; a missing group is the one of the same number. */
export function idsOf(user: string): { uid: number; gid: number } {
  const [uid = 0, gid = uid] = user.split(':').map(Number);
  return { uid, gid };
}

const joined = (uid: number, gid: number | undefined): string =>
  gid === undefined ? String(uid) : `${uid}:${gid}`;

/** The line of an account file that begins with a name. */
function fieldsOf(file: string, name: string): string[] {
  const line = file.split('\n').find((one) => one.startsWith(`${name}:`));
  return line?.trim().split(':') ?? [];
}

function idOf(text: string | undefined): number | undefined {
  const id = /^\d{1,10}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return id <= MAX_USER_ID ? id : undefined;
}
