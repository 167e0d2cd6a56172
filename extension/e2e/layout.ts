import type { Page } from "playwright-core";

/** What is wrong with how a page stands at this width, everything on show: what sticks out to the side, and texts over others. */
export async function layoutProblems(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 640 });
  // As high as what it shows, so that the foot covers nothing.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 640) });
  return page.evaluate(() => {
    const problems: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);
    const pieces: { text: string; element: Element; left: number; top: number; right: number; bottom: number }[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!element?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        // The box of a line of text is higher than its letters.
        const spare = line.height / 4;
        const box = { left: line.left, top: line.top + spare, right: line.right, bottom: line.bottom - spare };
        for (let around: Element | null = element; around; around = around.parentElement) {
          if (getComputedStyle(around).overflow === "visible") continue;
          const edge = around.getBoundingClientRect();
          box.left = Math.max(box.left, edge.left);
          box.top = Math.max(box.top, edge.top);
          box.right = Math.min(box.right, edge.right);
          box.bottom = Math.min(box.bottom, edge.bottom);
        }
        if (box.right - box.left < 2 || box.bottom - box.top < 2) continue;
        const text = node.textContent?.trim().slice(0, 30) ?? "";
        if (box.left < -1 || box.right > clientWidth + 1) problems.push(`sticks out: ${text}`);
        pieces.push({ text, element, ...box });
      }
    }
    for (const [index, one] of pieces.entries())
      for (const other of pieces.slice(index + 1)) {
        if (one.element === other.element) continue;
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 2 && down > 2) problems.push(`"${one.text}" over "${other.text}"`);
      }
    return problems;
  });
}
