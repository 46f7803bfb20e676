/** What a revision was recorded with, as far as two of them can differ by it. */
interface Recorded {
  readonly template: object;
  readonly version: string;
  readonly commit: string;
  readonly imageDigest: string;
  readonly secrets?: string;
}

/** What two revisions are compared by: paths as in a manifest. */
export const revisionParts = (recorded: Recorded): object => ({
  spec: { ...recorded.template, version: recorded.version },
  commit: recorded.commit,
  image: recorded.imageDigest,
  secrets: recorded.secrets,
});
