/** Tokens that begin with what their service puts there, in place of a rule of secretlint. */
export interface TokenShape {
  readonly of: string;
  readonly pattern: RegExp;
}

/** Each pattern has a fixed beginning and no nested repetition, so that no text takes long. */
export const TOKEN_SHAPES: readonly TokenShape[] = [
  { of: 'AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { of: 'Stripe', pattern: /\b[rs]k_live_[0-9a-zA-Z]{24,99}\b/g },
  { of: 'Google', pattern: /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g },
  { of: 'Google', pattern: /\bGOCSPX-[0-9A-Za-z_-]{28}(?![0-9A-Za-z_-])/g },
  { of: 'Telegram', pattern: /\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}(?![0-9A-Za-z_-])/g },
  {
    of: 'Discord',
    pattern: /\b[MNO][0-9A-Za-z_-]{23,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,40}\b/g,
  },
  {
    of: 'Discord',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{17,20}\/[0-9A-Za-z_-]{60,80}/g,
  },
  { of: 'PyPI', pattern: /\bpypi-AgE[0-9A-Za-z_-]{50,300}/g },
  { of: 'DigitalOcean', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { of: 'Twilio', pattern: /\bSK[0-9a-f]{32}\b/g },
  { of: 'Mailgun', pattern: /\bkey-[0-9a-f]{32}\b/g },
  { of: 'Azure', pattern: /\bAccountKey=[0-9A-Za-z+/]{86}==/g },
  { of: 'Atlassian', pattern: /\bATATT3[0-9A-Za-z_=-]{100,300}/g },
  { of: 'Replicate', pattern: /\br8_[0-9A-Za-z]{37}\b/g },
  { of: 'OpenRouter', pattern: /\bsk-or-v1-[0-9a-f]{64}\b/g },
  { of: 'Infura', pattern: /\.infura\.io\/(?:ws\/)?v3\/[0-9a-f]{32}\b/g },
  { of: 'Alchemy', pattern: /\.alchemy\.com\/v2\/[0-9A-Za-z_-]{32}(?![0-9A-Za-z_-])/g },
  {
    of: 'Tailscale',
    pattern: /\btskey-(?:auth|api|client)-[0-9A-Za-z]{8,20}-[0-9A-Za-z]{20,40}\b/g,
  },
  { of: 'New Relic', pattern: /\bNRAK-[0-9A-Z]{27}\b/g },
  { of: 'Sentry', pattern: /\bsntrys_eyJ[0-9A-Za-z_=+/-]{60,400}/g },
  { of: 'Weights & Biases', pattern: /wandb[^\n]{0,40}?["'=: ][0-9a-f]{40}\b/gi },
  { of: 'Supabase', pattern: /\bsbp_[0-9a-f]{40}\b/g },
  { of: 'PlanetScale', pattern: /\bpscale_(?:tkn|pw)_[0-9A-Za-z_.-]{32,64}/g },
  { of: 'Pinecone', pattern: /\bpcsk_[0-9A-Za-z_]{50,80}\b/g },
];
