import { Skeleton, UnstyledButton } from '@mantine/core';
import { IconServer } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlainCommandName } from '../../shared/model/command';
import type { ServerView } from '../../shared/model/server';
import { MiddleEllipsis } from '../ui/middle-ellipsis';
import { StatusPill } from '../ui/status-pill';
import { runCommand } from './commands';
import { HELP_TOPICS } from './help/topics';
import { ACTION_ICONS } from './icons';
import { useKeysText } from './shortcuts';
import classes from './start-page.module.css';
import { useServers } from './use-servers';

const DOORS = [
  { key: 'create', command: 'create-instance' },
  { key: 'register', command: 'register-server' },
  { key: 'import', command: 'import' },
] as const;

const HINTS: readonly PlainCommandName[] = ['show-palette', 'new-query', 'show-explorer', 'show-settings'];
/** Servers shown here; the Explorer has them all. */
const MOST = 8;

/** The first page: three ways to begin, the servers there are, the keys worth knowing. */
export function StartPage() {
  const { t } = useTranslation('app');
  const keysOf = useKeysText();
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <header>
          <h1>{t('start.title')}</h1>
          <p className={classes.quiet}>{t('start.lead')}</p>
        </header>
        <div className={classes.doors}>
          {DOORS.map(({ key, command }) => (
            <UnstyledButton
              key={key}
              className={classes.door ?? ''}
              onClick={() => runCommand({ do: command })}
              data-door={key}
            >
              <DoorIcon command={command} />
              <span className={classes.doorTitle}>{t(`start.doors.${key}`)}</span>
              <span className={classes.quiet}>{t(`start.doors.${key}Text`)}</span>
              <kbd className={classes.doorKeys}>{keysOf(command)}</kbd>
            </UnstyledButton>
          ))}
        </div>
        <div className={classes.columns}>
          <Servers />
          <div className={classes.side}>
            <section>
              <h2>{t('start.keys')}</h2>
              <dl className={classes.keys}>
                {HINTS.map((name) => (
                  <div key={name}>
                    <dt>{t(`commands.${name}`)}</dt>
                    <dd>
                      <kbd>{keysOf(name)}</kbd>
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
            <section>
              <h2>{t('start.learn')}</h2>
              <ul className={classes.links}>
                {HELP_TOPICS.map((topic) => (
                  <li key={topic}>
                    <UnstyledButton
                      className={classes.link ?? ''}
                      onClick={() => runCommand({ do: 'show-help', topic })}
                    >
                      {t(`help.topics.${topic}.title`)}
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
            </section>
          </div>
        </div>
      </div>
    </div>
  );
}

function DoorIcon({ command }: { readonly command: PlainCommandName }) {
  const Icon = ACTION_ICONS[command];
  return <Icon size={24} stroke={1.5} className={classes.doorIcon} aria-hidden />;
}

function Servers() {
  const { t } = useTranslation('app');
  const servers = useServers();
  return (
    <section>
      <h2>{t('start.recent')}</h2>
      {servers === null ? <Skeleton height={64} mt="sm" /> : null}
      {servers?.length === 0 ? <p className={classes.none}>{t('start.noRecent')}</p> : null}
      <ul className={classes.servers}>
        {(servers ?? [])
          .toSorted(connectedFirst)
          .slice(0, MOST)
          .map((server) => (
            <li key={server.id}>
              <UnstyledButton
                className={classes.server ?? ''}
                onClick={() => runCommand({ do: 'connect-server', serverId: server.id })}
              >
                <IconServer size={16} stroke={1.5} aria-hidden className={classes.serverIcon} />
                <span className={classes.serverName}>
                  <MiddleEllipsis text={server.name} />
                </span>
                <span className={classes.address}>{addressOf(server)}</span>
                <StatusPill tone={server.status.connected ? 'ok' : 'neutral'}>
                  {t(server.status.connected ? 'start.connected' : 'start.notConnected')}
                </StatusPill>
              </UnstyledButton>
            </li>
          ))}
      </ul>
      {servers !== null && servers.length > MOST ? (
        <p className={classes.none}>{t('start.more', { count: servers.length - MOST })}</p>
      ) : null}
    </section>
  );
}

const connectedFirst = (a: ServerView, b: ServerView) => Number(b.status.connected) - Number(a.status.connected);

const addressOf = (server: ServerView) =>
  server.host === '' ? server.service : `${server.user}@${server.host}:${server.port}`;
