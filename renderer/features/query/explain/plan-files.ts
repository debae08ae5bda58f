import type { TFunction } from 'i18next';
import { costlyPath } from '../../../../shared/model/plan/measures';
import { parsePlans } from '../../../../shared/model/plan/parse-plan';
import { planText } from '../../../../shared/model/plan/plan-text';
import { api } from '../../../api';
import { showNotice } from '../../../ui/notice';
import { pngOf, tokenOf } from '../../../ui/picture';
import { drawPlan, type PlanBox } from './plan-drawing';
import { measuresOf, offText, planCost, planRows, planShare, planTime, type PlanScene } from './plan-figures';
import { pictureOf, type BoxWords } from './plan-picture';
import { newPlanId, type KeptPlan } from './plan-store';

/** What a box of the diagram says of its node. */
export function boxWords(
  { measures }: PlanScene,
  { node, share, never }: PlanBox,
  t: TFunction<'explain'>,
  language: string,
): BoxWords {
  const of = measuresOf(measures, node);
  const rows = of.rows ?? node.planRows;
  const weight =
    of.exclusiveMs !== null
      ? planTime(of.exclusiveMs)
      : of.exclusiveCost === null
        ? ''
        : t('box.cost', { cost: planCost(of.exclusiveCost, language) });
  const count = rows === null ? '' : t('spoken.rows', { count: Math.round(rows), text: planRows(rows, language) });
  const figures = never ? t('never') : [weight, count].filter((part) => part !== '').join(' · ');
  return { figures, share: share === null || never ? '' : planShare(share), off: offText(of, t, language) };
}

/** Writes the plan to a file that the person picks. */
export async function exportPlan(
  kept: KeptPlan,
  scene: PlanScene,
  format: 'json' | 'text' | 'svg' | 'png',
  t: TFunction<'explain'>,
  language: string,
): Promise<void> {
  const { plan, measures } = scene;
  const make = async (): Promise<string | Uint8Array<ArrayBuffer>> => {
    if (format === 'json') return kept.text;
    if (format === 'text') return planText(plan);
    const drawing = drawPlan(plan, measures, costlyPath(plan, measures));
    const picture = pictureOf(drawing, (box) => boxWords(scene, box, t, language), tokenOf);
    return format === 'svg'
      ? picture.svg
      : await pngOf(picture, { message: 'The plan is too large for a PNG', hint: 'Save it as SVG.' });
  };
  // Made before the place is asked for: what can't be made is told at once.
  const content = await make();
  const extension = format === 'text' ? 'txt' : format;
  const target = await api.app.pickSaveFile({
    title: t(`menu.save-${format}`),
    suggestedName: `plan.${extension}`,
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
  });
  if (!target) return;
  await api.diagram.saveExport({ fileToken: target.token, content });
  showNotice(t('menu.saved', { name: target.name }));
}

/** A plan from a text. Fails with `invalid-input` when it holds none. */
export const planFrom = (title: string, text: string): KeptPlan => ({
  id: newPlanId(),
  title,
  at: Date.now(),
  text,
  plans: parsePlans(text),
});

/** Asks for a file and reads the plan in it; null when the person thought better of it. */
export async function openPlanFile(t: TFunction<'explain'>): Promise<KeptPlan | null> {
  const picked = await api.app.pickFile({
    title: t('open.file'),
    purpose: 'import',
    filters: [{ name: t('open.kind'), extensions: ['json', 'txt'] }],
  });
  if (!picked) return null;
  const { text, name } = await api.library.readFile({ fileToken: picked.token });
  return planFrom(name, text);
}
