import { printable } from '../../../lib/printable.js';
import type { Problem } from '../../../model/verification.js';
import { check, NotApplicable } from '../../check.js';

/** Labels that images have by agreement (OCI image specification, annotations). */
const OCI = 'org.opencontainers.image';

/** The image says of itself what the manifest says of it. */
export const LABELS = check({
  id: 'image/labels',
  title: 'Source and licence in the labels of the image are those of the manifest',
  severity: 'low',
  mode: 'warn',
  about: 'image',
  why: 'An image that names another source or licence is not the one that the manifest describes.',
  remedy: `Correct the manifest, or the labels ${OCI}.source and ${OCI}.licenses`,
  run({ manifest: { spec }, image: { labels } }) {
    const source = labels[`${OCI}.source`];
    const licences = labels[`${OCI}.licenses`];
    const repoUrl = spec.source?.repoUrl;
    const comparesSource = (source ?? '') !== '' && repoUrl !== undefined;
    if (!comparesSource && (licences ?? '') === '') throw new NotApplicable('There are no labels');
    return [
      ...differing('spec.source.repoUrl', source, repoUrl, repositoryIn),
      ...differing('spec.license', licences, spec.license, licenceIn),
    ];
  },
});

/** The image was built from the commit. */
export const REVISION_LABEL = check({
  id: 'image/revision',
  title: 'The commit in the labels of the image is that of the module',
  severity: 'medium',
  mode: 'warn',
  about: 'image',
  why: 'An image that names another commit was not built from the source that was looked at.',
  remedy: `Correct spec.source, or the label ${OCI}.revision`,
  run({ commit, image: { labels } }) {
    const label = labels[`${OCI}.revision`];
    if ((label ?? '') === '') throw new NotApplicable('The image names no commit');
    if (commit === undefined) throw new NotApplicable('The commit of the module is not known');
    return differing('spec.source.commit', label, commit, (text) => text.toLowerCase());
  },
});

function differing(
  field: string,
  label: string | undefined,
  said: string | undefined,
  normal: (text: string) => string,
): Problem[] {
  if (label === undefined || label === '' || said === undefined) return [];
  if (normal(label) === normal(said)) return [];
  return [{ field, message: `The image says "${printable(withoutLogin(label))}"` }];
}

/** A user and password in an address are nobody's business. */
const withoutLogin = (text: string): string => text.replaceAll(/\/\/[^/@]*@/g, '//');

/** Host and path of a repository, however it is fetched. */
const repositoryIn = (url: string): string =>
  url
    .trim()
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?:\d+(?=\/))?\/?/, '$1/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();

const licenceIn = (expression: string): string =>
  expression.trim().replaceAll(/\s+/g, ' ').toLowerCase();
