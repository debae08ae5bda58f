import type { TFunction } from 'i18next';
import type { InstanceEventView } from '../../../../shared/model/instance';

type Event = Pick<InstanceEventView, 'kind' | 'text'>;

/**
 * The sentences that the control plane writes, by the kind of the event: `eventTexts.<key>` says the same with the same values. `detail`
 * is what the server said itself, which stays in its own words.
 */
const SENTENCES = [
  {
    kind: 'degraded',
    key: 'degraded',
    form: /^Commits do not wait for the standby any more: it is gone or too far behind$/,
  },
  { kind: 'synchronous', key: 'synchronous', form: /^Commits wait for the standby (?<node>\S+) again$/ },
  { kind: 'rebuilt', key: 'rebuilt', form: /^The standby (?<node>\S+) was built from the primary$/ },
  { kind: 'failover', key: 'failover', form: /^(?<to>\S+) took over from (?<from>\S+?)\.(?: (?<detail>.*))?$/s },
  { kind: 'switch', key: 'switch', form: /^(?<to>\S+) is the primary now, (?<from>\S+) the standby$/ },
  {
    kind: 'drill',
    key: 'drill',
    form: /^Drill \(\w+\): served again after (?<ms>\d+)(?:\.\d+)? ms, (?<lost>\d+) of (?<all>\d+) acknowledged commits lost$/,
  },
  {
    kind: 'revived',
    key: 'revived',
    form: /^The record of the instance was lost and made again from the copy beside its data$/,
  },
  {
    kind: 'certificate-renewed',
    key: 'certificate-renewed',
    form: /^The certificate was renewed: it is valid until (?<until>\S+) for (?<addresses>.+)$/,
  },
  {
    kind: 'address-moved',
    key: 'address-moved',
    form: /^Exchanged addresses with (?<other>\S+): it is reached at (?<addresses>.+)$/,
  },
  { kind: 'networks-restored', key: 'networks-restored', form: /^The file of the networks / },
  { kind: 'networks-lost', key: 'networks-lost', form: /^The file of the networks / },
  { kind: 'rates-restored', key: 'rates-restored', form: /^The file of the prices / },
  { kind: 'rates-lost', key: 'rates-lost', form: /^The file of the prices / },
  { kind: 'postponed', key: 'postponed', form: /^What waits for its time cannot begin yet: (?<detail>.*)$/s },
] as const;

function understood({ kind, text }: Event) {
  const known = SENTENCES.find((each) => each.kind === kind && each.form.test(text));
  return known ? { key: known.key, values: known.form.exec(text)?.groups ?? {} } : null;
}

/** The event as a sentence of the window's language; one of another form stays as it is. */
export function eventText(t: TFunction<'instances'>, event: Event): string {
  const found = understood(event);
  return found ? t(`eventTexts.${found.key}`, found.values) : event.text;
}

/** What the server said itself; empty is nothing. */
export const eventDetail = (event: Event): string => understood(event)?.values['detail'] ?? '';
