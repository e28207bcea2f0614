/** Style of the page. It follows the reader's system (light or dark) and the width of the window. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2330; --paper: #f6f7f9; --card: #ffffff; --line: #d8dce3; --accent: #1f6fb2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ec; --paper: #14181f; --card: #1c222b; --line: #343c48; --accent: #6fb1ea; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 36px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.3rem; margin: 40px 0 12px; border-bottom: 1px solid var(--line); padding-bottom: 6px; }
h3 { font-size: 1.05rem; margin: 0; }
p { margin: 4px 0 10px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 14px; margin: 20px 0; padding: 0; }
.cards div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.cards dt { font-size: .85rem; opacity: .75; }
.cards dd { margin: 2px 0 0; font-size: 1.35rem; font-weight: 600; }
.cards dd small { display: block; font-size: .8rem; font-weight: 400; opacity: .75; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 18px; }
.plot { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
.wide { grid-column: 1 / -1; }
.plot p { font-size: .9rem; opacity: .85; }
.plot svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.scroll { overflow-x: auto; }
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; margin-top: 8px; }
caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(64px, 1fr)); gap: 10px; }
.field { margin: 0; text-align: center; font-size: .85rem; }
.field img { display: block; width: 100%; height: auto; aspect-ratio: 1; image-rendering: pixelated; border-radius: 4px; }
footer { padding: 30px 20px 40px; font-size: .85rem; opacity: .8; overflow-wrap: anywhere; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
