import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconFolderOpen, IconSchema, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagramSchemaChoice } from '../../../shared/contract/diagram';
import { MOST_DIAGRAM_TABLES } from '../../../shared/model/diagram';
import type { ServerView } from '../../../shared/model/server';
import { api } from '../../api';
import { EmptyState } from '../../ui/empty-state';
import { presentError } from '../../ui/error-presenter';
import { useTabActions } from '../../ui/workbench';
import classes from './diagram-start.module.css';
import { visible } from './geometry';

export interface DiagramStartProps {
  readonly onEmpty: () => void;
  readonly onOpen: () => void;
  readonly onDatabase: (serverId: string, database: string) => void;
}

/** A new diagram: of a database, from a file, or from nothing. */
export function DiagramStart({ onEmpty, onOpen, onDatabase }: DiagramStartProps) {
  const { t } = useTranslation('diagram');
  const [servers, setServers] = useState<readonly ServerView[]>([]);
  const [serverId, setServerId] = useState<string | null>(null);
  const [databases, setDatabases] = useState<readonly string[]>([]);
  const [database, setDatabase] = useState<string | null>(null);
  useTabActions([
    { id: 'diagram.begin', label: t('start.empty'), run: onEmpty },
    { id: 'diagram.open', label: t('start.open'), run: onOpen },
  ]);
  useEffect(() => {
    api.servers
      .list({})
      .then((list) => setServers(list.servers))
      .catch(presentError);
  }, []);
  const chooseServer = (id: string | null) => {
    setServerId(id);
    setDatabases([]);
    setDatabase(servers.find((server) => server.id === id)?.database ?? null);
    if (id === null) return;
    api.servers
      .databases({ id })
      .then((list) => setDatabases(list.map(({ name }) => name)))
      .catch(presentError);
  };
  return (
    <div className={classes.start}>
      <EmptyState
        icon={<IconSchema size={32} stroke={1.5} />}
        title={t('start.title')}
        text={t('start.text')}
        action={<Button onClick={onEmpty}>{t('start.empty')}</Button>}
        link={
          <Button
            variant="default"
            leftSection={<IconFolderOpen size={16} stroke={1.5} aria-hidden />}
            onClick={onOpen}
          >
            {t('start.open')}
          </Button>
        }
      />
      <form
        className={classes.card}
        aria-label={t('start.fromDatabase')}
        onSubmit={(event) => {
          event.preventDefault();
          if (serverId !== null && database !== null) onDatabase(serverId, database);
        }}
      >
        <h2>{t('start.fromDatabase')}</h2>
        <Select
          label={t('start.server')}
          data={servers.map(({ id, name }) => ({ value: id, label: name }))}
          value={serverId}
          searchable
          nothingFoundMessage={t('start.noServer')}
          onChange={chooseServer}
        />
        <Select
          label={t('start.database')}
          data={database === null || databases.includes(database) ? databases : [database, ...databases]}
          value={database}
          searchable
          disabled={serverId === null}
          onChange={setDatabase}
        />
        <Button type="submit" disabled={serverId === null || database === null}>
          {t('start.draw')}
        </Button>
      </form>
    </div>
  );
}

export interface SchemaChoiceProps {
  readonly database: string;
  readonly schemas: readonly DiagramSchemaChoice[];
  readonly onChoose: (schemas: string[]) => void;
}

/** Asks which schemas to draw, when all would be too many. */
export function SchemaChoice({ database, schemas, onChoose }: SchemaChoiceProps) {
  const { t } = useTranslation('diagram');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState('');
  const sum = schemas.filter(({ name }) => chosen.has(name)).reduce((total, { tables }) => total + tables, 0);
  const tooMany = sum > MOST_DIAGRAM_TABLES;
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  return (
    <div className={classes.start}>
      <form
        className={classes.card}
        aria-label={t('schemas.title')}
        onSubmit={(event) => {
          event.preventDefault();
          if (sum > 0 && !tooMany) onChoose([...chosen]);
        }}
      >
        <h2>{t('schemas.title')}</h2>
        <p className={classes.muted}>{t('schemas.text', { database: visible(database), most: MOST_DIAGRAM_TABLES })}</p>
        <TextInput
          aria-label={t('schemas.search')}
          placeholder={t('schemas.search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={classes.schemas}>
          {schemas
            .filter(({ name, tables }) => tables > 0 && name.toLowerCase().includes(text.toLowerCase()))
            .map(({ name, tables }) => (
              <Checkbox
                key={name}
                label={t('schemas.one', { name: visible(name), count: tables })}
                checked={chosen.has(name)}
                onChange={() => toggle(name)}
              />
            ))}
        </div>
        <div className={classes.actions}>
          <span className={classes.sum} data-wrong={tooMany || undefined} role="status">
            {t('schemas.sum', { count: sum })}
          </span>
          <Button type="submit" disabled={sum === 0 || tooMany}>
            {t('start.draw')}
          </Button>
        </div>
      </form>
    </div>
  );
}
