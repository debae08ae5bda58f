import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../ui/choice-group';
import { CopyButton } from '../../../ui/copy-button';
import type { AskingProps } from './detail-props';
import { Section } from './section';
import { CLIENTS, snippetOf, type Client } from './snippets';
import classes from './snippets-section.module.css';

/** What to write into a client to reach the instance. */
export function SnippetsSection({ detail }: AskingProps) {
  const { t } = useTranslation('instances');
  const [client, setClient] = useState<Client>('psql');
  const addresses = [
    ...detail.networks.map(({ host, port }) => ({ host, port })),
    ...(detail.publicHost === '' ? [] : [{ host: detail.publicHost, port: detail.publicPort }]),
  ];
  const [wanted, setWanted] = useState<string | null>(null);
  const address = addresses.find(({ host }) => host === wanted) ?? addresses[0];
  if (address === undefined) return null;
  const { enabled, connectAddress } = detail.ssl;
  const text = snippetOf(client, {
    ...address,
    user: detail.adminUser,
    database: 'postgres',
    ssl: !enabled ? 'off' : connectAddress === address.host ? 'verified' : 'on',
    authority: `${detail.id}-ca.pem`,
  });
  return (
    <Section
      wide
      title={t('snippets.title')}
      actions={
        addresses.length < 2 ? null : (
          <Select
            aria-label={t('snippets.address')}
            data={addresses.map(({ host, port }) => ({ value: host, label: `${host}:${port}` }))}
            value={address.host}
            onChange={setWanted}
          />
        )
      }
    >
      <ChoiceGroup
        label={t('snippets.client')}
        choices={CLIENTS.map((each) => ({ value: each, label: t(`snippets.clients.${each}`) }))}
        value={client}
        onChange={(value) => setClient(CLIENTS.find((each) => each === value) ?? 'psql')}
      />
      <div className={classes.snippet}>
        <pre className="selectable">{text}</pre>
        <CopyButton text={text} label={t('snippets.copy')} />
      </div>
      <p className={classes.note}>{t('snippets.note')}</p>
    </Section>
  );
}
