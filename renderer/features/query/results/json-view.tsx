import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../../ui/bytes';
import { CopyButton } from '../../../ui/copy-button';
import { visibleText } from '../../../ui/visible-text';
import { type JsonNode, jsonPath, jsonTree, MAX_NODES, visibleNodes } from './json-tree';
import classes from './viewers.module.css';
import { VirtualLines } from './virtual-lines';

const LINE = 22;
/** Characters of a value on its line. */
const SHOWN = 500;
/** Levels that move a line to the right. */
const MAX_INDENT = 40;
/** Nodes from which on only the first level is open at the start. */
const MANY = 2000;

/** JSON as a tree that folds, with the path of the chosen line. */
export function JsonView({ text }: { readonly text: string }) {
  const { t, i18n } = useTranslation('results');
  const { nodes, cut } = useMemo(() => jsonTree(text), [text]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(() => foldedAtStart(nodes));
  const [chosen, setChosen] = useState(0);
  const visible = useMemo(() => visibleNodes(nodes, folded), [nodes, folded]);
  const place = visible.indexOf(chosen);
  const path = jsonPath(nodes, chosen);

  const fold = (index: number, wanted: boolean) => {
    const next = new Set(folded);
    if (wanted) next.add(index);
    else next.delete(index);
    setFolded(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const node = nodes[chosen];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen(visible[place + step] ?? chosen);
    else if (event.key === 'ArrowRight' && node) fold(chosen, false);
    else if (event.key === 'ArrowLeft' && node) {
      if (node.size > 0 && !folded.has(chosen)) fold(chosen, true);
      else if (node.parent >= 0) setChosen(node.parent);
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={classes.path}>
        <code className={classes.pathText} title={path}>
          {path}
        </code>
        <CopyButton text={path} label={t('json.copyPath')} />
      </div>
      <VirtualLines
        label={t('json.tree')}
        count={visible.length}
        height={LINE}
        shown={place}
        onKeyDown={onKeyDown}
        renderLine={(at) => {
          const index = visible[at] ?? 0;
          const node = nodes[index];
          if (!node) return null;
          return (
            <div
              className={classes.node}
              data-chosen={index === chosen || undefined}
              style={{ paddingLeft: Math.min(node.depth, MAX_INDENT) * 14 + 4 }}
              onPointerDown={() => setChosen(index)}
            >
              {node.size > 0 ? (
                <ActionIcon
                  size={18}
                  aria-label={folded.has(index) ? t('json.unfold') : t('json.fold')}
                  aria-expanded={!folded.has(index)}
                  tabIndex={-1}
                  onClick={() => fold(index, !folded.has(index))}
                >
                  {folded.has(index) ? (
                    <IconChevronRight size={14} stroke={1.5} />
                  ) : (
                    <IconChevronDown size={14} stroke={1.5} />
                  )}
                </ActionIcon>
              ) : (
                <span className={classes.noFold} />
              )}
              <NodeText node={node} folded={folded.has(index)} />
            </div>
          );
        }}
      />
      {cut ? <p className={classes.note}>{t('json.cut', { text: formatCount(MAX_NODES, i18n.language) })}</p> : null}
    </>
  );
}

function foldedAtStart(nodes: readonly JsonNode[]): Set<number> {
  if (nodes.length <= MANY) return new Set();
  return new Set(nodes.flatMap((node, index) => (node.depth === 1 && node.size > 0 ? [index] : [])));
}

function NodeText({ node, folded }: { readonly node: JsonNode; readonly folded: boolean }) {
  const { t } = useTranslation('results');
  const label = node.place >= 0 ? `${node.place}` : node.key;
  const [open, close] = node.kind === 'array' ? ['[', ']'] : ['{', '}'];
  const holds = node.kind === 'array' || node.kind === 'object';
  return (
    <>
      {label === null ? null : (
        <span className={node.place >= 0 ? classes.place : classes.key}>{visibleText(label.slice(0, SHOWN))}: </span>
      )}
      {holds ? (
        <span className={classes.place}>
          {node.size === 0 ? open + close : folded ? `${open}…${close}` : open}
          {node.size === 0 ? '' : ` ${t('json.size', { count: node.size })}`}
        </span>
      ) : (
        <span className={classes[node.kind]}>
          {visibleText(node.text.slice(0, SHOWN))}
          {node.text.length > SHOWN ? '…' : ''}
        </span>
      )}
    </>
  );
}
