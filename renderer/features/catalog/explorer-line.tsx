import { Button } from '@mantine/core';
import { IconAlertCircle, IconCircle, IconCircleFilled, IconCircleX, IconStar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { ServerView } from '../../../shared/model/server';
import { formatCount } from '../../ui/bytes';
import { FolderIcon, ObjectIcon } from '../../ui/object-icon';
import { TreeLabel } from '../../ui/tree/tree-label';
import classes from './explorer.module.css';
import type { ExplorerLine } from './model';

export interface ExplorerLineViewProps {
  readonly line: ExplorerLine;
  readonly onRetry: (branch: string) => void;
}

type Translate = ReturnType<typeof useTranslation<'catalog'>>['t'];

/** The line in words, the parts separated by commas: name, what stands beside it, state. */
export function lineName({ content }: ExplorerLine, t: Translate): string {
  switch (content.type) {
    case 'root':
      return t('servers');
    case 'group':
      return content.group.name;
    case 'server': {
      const { name, status, environment } = content.server;
      const state = status.connected ? 'connected' : status.problem === '' ? 'disconnected' : 'failed';
      const parts = [name, t(`status.${state}`), status.version];
      return [...parts, environment === 'none' ? '' : t(`environment.${environment}`)].filter(Boolean).join(', ');
    }
    case 'favourites':
      return t('favourites');
    case 'favourite':
      return [content.ref.name, t(`kinds.${content.ref.kind}`), content.where].join(', ');
    case 'folder':
      return `${t(`folders.${content.folder}`)}, ${content.count}`;
    case 'object': {
      const { ref, note, mark } = content.node;
      return [ref.name, note, mark === '' ? '' : t(`marks.${mark}`)].filter(Boolean).join(', ');
    }
    case 'loading':
      return t('loading');
    case 'failed':
      return errorInfo(content.error).message;
    case 'nothing':
      return t('nothingFound');
  }
}

/** What stands in one line after the arrow. */
export function ExplorerLineView({ line, onRetry }: ExplorerLineViewProps) {
  const { t, i18n } = useTranslation('catalog');
  const { content } = line;
  switch (content.type) {
    case 'root':
      return (
        <span className={classes.line}>
          <span className={classes.icon}>
            <FolderIcon folder="servers" />
          </span>
          <TreeLabel text={t('servers')} />
        </span>
      );
    case 'group':
      return (
        <span className={classes.line}>
          <span className={classes.icon}>
            <FolderIcon folder="group" />
          </span>
          <TreeLabel text={content.group.name} />
        </span>
      );
    case 'favourites':
      return (
        <span className={classes.line}>
          <span className={classes.icon}>
            <IconStar size={16} stroke={1.5} aria-hidden />
          </span>
          <TreeLabel text={t('favourites')} />
        </span>
      );
    case 'favourite':
      return (
        <span className={classes.line} title={t(`kinds.${content.ref.kind}`)}>
          <span className={classes.icon}>
            <ObjectIcon kind={content.ref.kind} />
          </span>
          <span className={classes.fit}>
            <TreeLabel text={content.ref.name} />
          </span>
          <span className={classes.note} title={content.where}>
            {content.where}
          </span>
        </span>
      );
    case 'server':
      return <ServerLine server={content.server} />;
    case 'folder':
      return (
        <span className={classes.line}>
          <span className={classes.icon}>
            <FolderIcon folder={content.folder} />
          </span>
          <span>{t(`folders.${content.folder}`)}</span>
          <span className={classes.count}>({formatCount(content.count, i18n.language)})</span>
        </span>
      );
    case 'object': {
      const { ref, note, mark } = content.node;
      const word = mark === '' ? '' : t(`marks.${mark}`);
      return (
        <span className={classes.line} title={word}>
          <span className={classes.icon} data-mark={mark}>
            <ObjectIcon kind={ref.kind} mark={mark} />
          </span>
          {note === '' ? (
            <TreeLabel text={ref.name} />
          ) : (
            <>
              <span className={classes.fit}>
                <TreeLabel text={ref.name} />
              </span>
              <span className={classes.note} title={note}>
                {note}
              </span>
            </>
          )}
        </span>
      );
    }
    case 'loading':
      return (
        <span className={classes.line} aria-busy>
          <span className={classes.skeleton} />
        </span>
      );
    case 'failed': {
      const info = errorInfo(content.error);
      return (
        <span className={classes.failed} role="alert">
          <IconAlertCircle size={16} stroke={1.5} aria-hidden />
          <span className={classes.message} title={[info.message, info.hint].filter(Boolean).join('\n')}>
            {info.message}
          </span>
          <Button size="compact-xs" variant="subtle" tabIndex={-1} onClick={() => onRetry(content.branch)}>
            {t('retry')}
          </Button>
        </span>
      );
    }
    case 'nothing':
      return <span className={classes.muted}>{t('nothingFound')}</span>;
  }
}

function ServerLine({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation('catalog');
  const { connected, problem, version } = server.status;
  const state = connected ? 'connected' : problem === '' ? 'disconnected' : 'failed';
  const Dot = connected ? IconCircleFilled : problem === '' ? IconCircle : IconCircleX;
  const words = [t(`status.${state}`), problem].filter(Boolean).join('\n');
  return (
    <span
      className={classes.line}
      style={{
        ...(server.background === '' ? {} : { background: server.background }),
        ...(server.foreground === '' ? {} : { color: server.foreground }),
      }}
    >
      <span className={classes.status} data-state={state} title={words}>
        <Dot size={12} stroke={1.5} aria-hidden />
      </span>
      <TreeLabel text={server.name} />
      <span className={classes.version}>{version}</span>
      <span
        className={classes.environment}
        data-environment={server.environment}
        title={server.environment === 'none' ? undefined : t(`environment.${server.environment}`)}
      />
    </span>
  );
}
