import { useTranslation } from 'react-i18next';
import type { NodeView } from '../../../../shared/model/instance';
import { zoneName } from '../../../ui/place-names';
import { addressOf, publicAddressOf } from '../model';
import classes from './architecture-section.module.css';
import type { AskingProps } from './detail-props';
import { lagText } from './node-text';
import { Section } from './section';

/** Measures of the drawing in pixels; it is never scaled, so that its text stays as large as the rest. */
const BOX = { height: 76, gap: 16, line: 18 };
/** Characters of a zone that fit into a box; the whole is in its title. */
const FITS = 22;
const COLUMNS = {
  clients: { x: 1, width: 100 },
  gateway: { x: 137, width: 180 },
  primary: { x: 353, width: 172 },
  standby: { x: 649, width: 172 },
} as const;
const WIDTH = 822;

const cut = (text: string): string => {
  const characters = Array.from(text);
  return characters.length <= FITS
    ? text
    : `${characters.slice(0, FITS - 9).join('')}…${characters.slice(-8).join('')}`;
};

interface BoxProps {
  readonly column: keyof typeof COLUMNS;
  readonly y: number;
  readonly title: string;
  readonly lines: readonly { readonly text: string; readonly kind?: 'mono' | 'state' }[];
  readonly state?: NodeView['state'];
  readonly height?: number;
}

function Box({ column, y, title, lines, state, height = BOX.height }: BoxProps) {
  const { x, width } = COLUMNS[column];
  return (
    <g className={classes.box} data-state={state}>
      <rect x={x} y={y} width={width} height={height} rx={4} />
      <text x={x + 12} y={y + 22} className={classes.title}>
        {title}
      </text>
      {lines.map((line, at) => (
        <text key={line.text} x={x + 12} y={y + 42 + at * BOX.line} data-kind={line.kind}>
          <title>{line.text}</title>
          {cut(line.text)}
        </text>
      ))}
    </g>
  );
}

interface ArrowProps {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  /** Where it ends, when that is not the height it starts at. */
  readonly toY?: number;
  readonly broken?: boolean;
  readonly above?: string;
  readonly below?: string;
}

function Arrow({ from, to, y, toY = y, broken = false, above = '', below = '' }: ArrowProps) {
  const middle = (from + to) / 2;
  const bend = toY === y ? `M${from} ${y} H${to - 8}` : `M${from} ${y} H${from + 12} V${toY} H${to - 8}`;
  return (
    <g className={classes.arrow} data-broken={broken || undefined}>
      <path d={bend} />
      <path d={`M${to - 9} ${toY - 5} L${to - 2} ${toY} L${to - 9} ${toY + 5} Z`} className={classes.head} />
      <text x={middle} y={toY - 8} textAnchor="middle">
        {above}
      </text>
      <text x={middle} y={toY + 20} textAnchor="middle">
        {below}
      </text>
    </g>
  );
}

/** How a client reaches the data: the gateway's address, the primary behind it, the standbys behind that, with the lag as it is now. */
export function ArchitectureSection({ detail }: AskingProps) {
  const { t } = useTranslation('instances');
  const primary = detail.nodes.find(({ role }) => role === 'primary');
  const standbys = detail.nodes.filter(({ role }) => role === 'standby');
  const rows = Math.max(1, standbys.length);
  const yOf = (row: number) => 1 + row * (BOX.height + BOX.gap);
  const centre = yOf(0) + BOX.height / 2;
  const right = ({ x, width }: { readonly x: number; readonly width: number }) => x + width;
  const stateWord = (node: NodeView) => t(`availability.states.${node.state}`);
  const told = [
    t('drawing.clients', { address: addressOf(detail) }),
    ...detail.nodes.map((node) =>
      t(`drawing.${node.role}`, {
        zone: zoneName(t, node.zone, detail.region),
        state: stateWord(node),
        lag: lagText(node),
      }),
    ),
  ];
  const publicAddress = publicAddressOf(detail);
  const first = addressOf(detail);
  const addresses = [
    first === '' ? t('noAddress') : first,
    ...detail.networks.slice(1).map(({ host, port }) => `${host}:${port}`),
    ...(publicAddress === '' ? [] : [publicAddress]),
  ];
  const gatewayHeight = BOX.height + Math.max(0, addresses.length - 2) * BOX.line;
  return (
    <Section wide title={t('drawing.title')}>
      <div className={classes.scroller}>
        <svg
          width={WIDTH}
          height={Math.max(yOf(rows) - BOX.gap, gatewayHeight + 1) + 1}
          role="img"
          aria-label={told.join(' ')}
        >
          <Box column="clients" y={yOf(0)} title={t('drawing.client')} lines={[{ text: 'psql, JDBC …' }]} />
          <Arrow from={right(COLUMNS.clients)} to={COLUMNS.gateway.x} y={centre} />
          <Box
            column="gateway"
            y={yOf(0)}
            title={t('drawing.gateway')}
            height={gatewayHeight}
            lines={addresses.map((text) => ({ text, kind: 'mono' }))}
          />
          <Arrow from={right(COLUMNS.gateway)} to={COLUMNS.primary.x} y={centre} broken={primary?.state !== 'ready'} />
          {primary === undefined ? null : (
            <Box
              column="primary"
              y={yOf(0)}
              title={t('availability.roles.primary')}
              state={primary.state}
              lines={[{ text: zoneName(t, primary.zone, detail.region) }, { text: stateWord(primary), kind: 'state' }]}
            />
          )}
          {standbys.map((node, row) => (
            <g key={node.id}>
              <Arrow
                from={right(COLUMNS.primary)}
                to={COLUMNS.standby.x}
                y={centre}
                toY={yOf(row) + BOX.height / 2}
                broken={node.sync === '' && detail.local}
                above={lagText(node)}
                below={node.sync === '' ? '' : t(`availability.sync.${node.sync}`, { defaultValue: node.sync })}
              />
              <Box
                column="standby"
                y={yOf(row)}
                title={t('availability.roles.standby')}
                state={node.state}
                lines={[{ text: zoneName(t, node.zone, detail.region) }, { text: stateWord(node), kind: 'state' }]}
              />
            </g>
          ))}
        </svg>
      </div>
    </Section>
  );
}
