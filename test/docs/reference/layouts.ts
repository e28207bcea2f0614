import { readFileSync } from 'node:fs';

/** A panel of a layout and its position, as shares of the whole, 0..1. */
export interface Panel {
  readonly title: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What it shows: a topic, or a field of one, `/status.cpu`. */
  readonly paths: readonly string[];
  /** It shows states, which may be texts, not numbers. */
  readonly states?: boolean;
  /** It is a button that calls a service. */
  readonly call?: { readonly service: string; readonly request: Readonly<Record<string, unknown>> };
}

type Place = Pick<Panel, 'left' | 'top' | 'width' | 'height'>;
const whole: Place = { left: 0, top: 0, width: 1, height: 1 };

export const layoutFile = (name: string): string =>
  readFileSync(new URL(`../../../docs/monitoring/${name}`, import.meta.url), 'utf8');

type FoxgloveTree = string | { first: FoxgloveTree; second: FoxgloveTree; direction: string; splitPercentage: number };

interface FoxgloveConfig {
  readonly foxglovePanelTitle?: string;
  readonly paths?: readonly { readonly value: string }[];
  readonly topicPath?: string;
  readonly topicToRender?: string;
  readonly imageMode?: { readonly imageTopic?: string };
  readonly topics?: Readonly<Record<string, unknown>>;
  readonly serviceName?: string;
  readonly requestPayload?: string;
}

/** The panels of docs/monitoring/foxglove.json. */
export function foxglovePanels(): Panel[] {
  const { configById, layout } = JSON.parse(layoutFile('foxglove.json')) as {
    configById: Record<string, FoxgloveConfig | undefined>;
    layout: FoxgloveTree;
  };
  const walk = (tree: FoxgloveTree, place: Place): Panel[] => {
    if (typeof tree === 'string') {
      const config = configById[tree];
      if (config === undefined) throw new Error(`panel ${tree} has no configuration`);
      const { serviceName: service, requestPayload: payload = '' } = config;
      return [
        {
          ...{ ...place, title: config.foxglovePanelTitle ?? tree, paths: pathsOf(config) },
          states: tree.startsWith('StateTransitions!'),
          ...(service !== undefined && {
            call: { service, request: JSON.parse(payload) as Record<string, unknown> },
          }),
        },
      ];
    }
    const [one, two] = split(place, tree.direction === 'row', tree.splitPercentage / 100);
    return [...walk(tree.first, one), ...walk(tree.second, two)];
  };
  return walk(layout, whole);
}

function pathsOf({ paths = [], topicPath, topicToRender, imageMode, topics = {} }: FoxgloveConfig): string[] {
  const single = [topicPath, topicToRender, imageMode?.imageTopic].filter((each) => each !== undefined);
  return [...paths.map(({ value }) => value), ...single, ...Object.keys(topics)];
}

/** The panels of docs/monitoring/plotjuggler.xml: rows of plots, all of one size. */
export function plotjugglerPanels(): Panel[] {
  const rows = layoutFile('plotjuggler.xml').split('<DockSplitter orientation="|"').slice(1);
  return rows.flatMap((row, at) => {
    const areas = [...row.matchAll(/<DockArea name="([^"]+)">([^]*?)<\/DockArea>/g)];
    return areas.map(([, title = '', inside = ''], index): Panel => {
      const curves = [...inside.matchAll(/<curve name="([^"]+)"/g)].map(([, name = '']) => name);
      return {
        ...{ title, left: index / areas.length, top: at / rows.length },
        ...{ width: 1 / areas.length, height: 1 / rows.length },
        paths: curves.map((name) => name.replace(/\/(\w+)$/, '.$1')),
      };
    });
  });
}

function split({ left, top, width, height }: Place, across: boolean, share: number): [Place, Place] {
  if (across) {
    const first = width * share;
    return [
      { left, top, width: first, height },
      { left: left + first, top, width: width - first, height },
    ];
  }
  const first = height * share;
  return [
    { left, top, width, height: first },
    { left, top: top + first, width, height: height - first },
  ];
}
