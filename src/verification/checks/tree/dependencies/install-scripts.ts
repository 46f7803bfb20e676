import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { dependencyFiles } from './dependency-files.js';
import type { DependencyFile } from './dependency-files.js';
import { lineOfName, readPackageJson } from './package-json.js';

const SCRIPTS = ['preinstall', 'install', 'postinstall'];

/** Installing the module's packages runs nothing of the module. */
export const INSTALL_SCRIPTS = check({
  id: 'tree/install-scripts',
  title: 'Installing packages runs no script of the module',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'These scripts run with npm install, without a word and with all the rights of the build.',
  remedy: 'Run what they do as a step of the Dockerfile, where it can be seen',
  run(subject) {
    return dependencyFiles(subject, /(?:^|\/)package\.json$/).flatMap(scriptsIn);
  },
});

function scriptsIn(file: DependencyFile): Problem[] {
  const { scripts } = readPackageJson(file);
  return SCRIPTS.filter((name) => scripts[name] !== undefined).map((name) => {
    const line = lineOfName(file.text, name);
    const message = `npm install runs its script "${name}"`;
    return { file: file.path, ...(line !== undefined && { line }), message };
  });
}
