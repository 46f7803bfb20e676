/** Whether a link of the chain holds now; `unknown` when nobody can tell, which is not yes. */
export type Holds = 'yes' | 'no' | 'unknown';

/** One link from what a person declared to what runs. */
export interface TrustLink {
  /** `source`, `signature`, `verification`, `policy`, `image`, or `container`. */
  readonly link: string;
  /** What stands there: an address and commit, a signer, a report, a digest, a container. */
  readonly value: string;
  readonly holds: Holds;
  /** Why it does, or does not. */
  readonly detail: string;
}

/** From repository to containers: what each link is, and whether it holds now. */
export interface TrustChain {
  readonly module: string;
  readonly version: string;
  readonly links: readonly TrustLink[];
}

/** Whether what runs is what was verified: no when one link does not hold, else the weakest. */
export function chainHolds({ links }: Pick<TrustChain, 'links'>): Holds {
  if (links.some(({ holds }) => holds === 'no')) return 'no';
  return links.some(({ holds }) => holds === 'unknown') ? 'unknown' : 'yes';
}
