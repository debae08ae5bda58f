import type { Logger } from '../../log';
import type { DocumentTrouble } from '../network/kept-document';
import type { ApiDeps } from './action';

interface Words {
  readonly restored: string;
  readonly lost: string;
}

const NETWORKS: Words = {
  restored:
    'The file of the networks and security groups was broken. Its copy is in force; a change made in the moment of the damage may be missing.',
  lost: 'The file of the networks and security groups was broken and has no copy. Groups and subnets made here are gone and default groups are as they were at first: look at what this instance is bound to.',
};

const RATES: Words = {
  restored: 'The file of the prices was broken. Its copy is in force.',
  lost: 'The file of the prices was broken and has no copy. Everything is free until prices are set again.',
};

/** Writes what had become of the documents of this control plane into the operations log of every instance, as all of them depend on these. */
export async function tellTrouble({ instances, networks, rates }: ApiDeps, log: Logger): Promise<void> {
  const found: readonly (readonly [string, DocumentTrouble | null, Words])[] = [
    ['networks', networks.trouble, NETWORKS],
    ['rates', rates.trouble, RATES],
  ];
  for (const [name, trouble, words] of found) {
    if (!trouble) continue;
    const event = {
      level: trouble.kind === 'lost' ? ('error' as const) : ('warn' as const),
      kind: `${name}-${trouble.kind}`,
      text: words[trouble.kind],
    };
    for (const { id } of instances.list()) {
      await instances.noteEvent(id, event).catch((error: unknown) => {
        log.write('warn', 'an event could not be noted', { instance: id, kind: event.kind, reason: String(error) });
      });
    }
  }
}
