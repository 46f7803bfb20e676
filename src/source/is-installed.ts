import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Whether a program is on a search path; folders that depend on where somebody is do not count. */
export async function isInstalled(program: string, searchPath: string): Promise<boolean> {
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  const looks = folders.map((folder) => access(join(folder, program), constants.X_OK));
  return (await Promise.allSettled(looks)).some(({ status }) => status === 'fulfilled');
}
