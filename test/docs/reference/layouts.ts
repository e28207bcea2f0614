import { readFileSync } from 'node:fs';

/** A panel of a layout, and where it stands: shares of the whole, 0..1. */
export interface Panel {
  readonly title: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What it shows: a topic, or a topic and a field of it, `/status.cpu`. */
  readonly paths: readonly string[];
}

type Place = Omit<Panel, 'title' | 'paths'>;
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
      return [{ ...place, title: config.foxglovePanelTitle ?? tree, paths: pathsOf(config) }];
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

/** A drawing of where the panels of a layout stand and what each shows. */
export function layoutPicture(panels: readonly Panel[]): string {
  const [width, height] = [960, 540];
  const boxes = panels.map((panel) => {
    const [x, y] = [Math.round(panel.left * width), Math.round(panel.top * height)];
    const [w, h] = [Math.round(panel.width * width), Math.round(panel.height * height)];
    const lines = panel.paths.map((path, at) => `<text x="${x + 14}" y="${y + 48 + 17 * at}" class="p">${path}</text>`);
    return [
      `<rect x="${x + 4}" y="${y + 4}" width="${w - 8}" height="${h - 8}" rx="4"/>`,
      `<text x="${x + 14}" y="${y + 26}" class="t">${panel.title}</text>`,
      ...lines,
    ].join('\n');
  });
  const style =
    'rect{fill:#f6f8fa;stroke:#8c959f}text{font-family:sans-serif;fill:#1f2328}.t{font-size:14px;font-weight:bold}.p{font-size:12px;fill:#57606a}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><style>${style}</style>`,
    '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}
