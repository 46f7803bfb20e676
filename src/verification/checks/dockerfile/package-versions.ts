/** A variable stands for what is not known here. */
export const isOpen = (name: string): boolean => /^\$|^\*$/.test(name);

const isPath = (name: string): boolean => /^[./~]|^file:/.test(name);

/** A repository, which a commit, tag or branch can follow. */
const isRepository = (name: string): boolean => /^(?:git|hg|bzr|svn)(?:\+[a-z-]+)?:/.test(name);

/** After a repository, what stands before its host is a user. */
export function isPinnedPip(name: string): boolean {
  if (isRepository(name)) return /^[^/]*\/\/[^/]*\/[^@]*@/.test(name);
  return /[<>=!~]=|[<>/]|\.whl$|\.tar\.gz$|\.zip$/.test(name) || isPath(name);
}

/** Without a host it is part of the project, or of Go. */
export const isPinnedGo = (name: string): boolean =>
  !name.endsWith('@latest') && (name.includes('@') || !/^[\w-]+\.[\w.-]+\//.test(name));

/** A scope begins with the sign that a version begins with. */
export function isPinnedNpm(name: string): boolean {
  if (isRepository(name)) return name.includes('#');
  if (isPath(name) || /\.t(?:ar\.)?gz$|\.tar$/.test(name)) return true;
  return name.includes('@', 1) && !name.endsWith('@latest');
}
