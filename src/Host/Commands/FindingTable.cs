using Kilde.Intake.Slash;
using Kilde.Kernel;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Findings as a person reads them: where, what is wrong and what to do.</summary>
internal static class FindingTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var colour = finding.Severity switch
            {
                Severity.Error => "red",
                Severity.Warning => "yellow",
                _ => "grey",
            };
            var where = finding.Path.Length == 0 ? "/" : finding.Path;
            console.MarkupLine(
                $"[{colour}]{finding.RuleId}[/] [blue]{Markup.Escape(where)}[/]  {Markup.Escape(finding.Text)}");
            if (finding.Detail is not { } detail) continue;
            console.MarkupLine(
                $"  value: {Markup.Escape(detail.Value ?? "–")}  expected: {Markup.Escape(detail.Expected ?? "–")}");
        }
    }

    public static void Write(IAnsiConsole console, IReadOnlyList<SlashLocation> locations, string colour)
    {
        foreach (var location in locations)
        {
            foreach (var value in location.Errors)
            {
                var where = location.Location.Length == 0 ? "/" : location.Location;
                console.MarkupLine($"[{colour}]•[/] [blue]{Markup.Escape(where)}[/]  {Markup.Escape(value.Value)}");
            }
        }
    }
}
