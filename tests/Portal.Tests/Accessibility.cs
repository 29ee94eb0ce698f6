using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>
/// The accessibility rules of axe, run in the page itself. Our pages have no frames, so the tab that axe's own package
/// opens to gather what frames say is not needed; it cost more than the rules.
/// </summary>
internal static class Accessibility
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>What breaks a rule: the rule, and the elements. Of all rules when none is named.</summary>
    public static async Task<string[]> ViolationsAsync(this IPage page, params string[] rules)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window")) await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>(
            """
            async rules => {
              if (window.frames.length > 0) throw new Error('Frames are not looked into.');
              const only = rules.length > 0 ? { runOnly: { type: 'rule', values: rules } } : {};
              const found = await axe.run(document, { resultTypes: ['violations'], ...only });
              return found.violations.map(broken =>
                `${broken.id}: ${broken.nodes.map(node => node.html).join(' | ')}`);
            }
            """,
            rules);
    }
}
