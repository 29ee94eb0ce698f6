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
            var colour = finding.Severity == Severity.Error ? "red" : "yellow";
            var where = finding.Path.Length == 0 ? "/" : finding.Path;
            console.MarkupLine(
                $"[{colour}]{finding.RuleId}[/] [blue]{Markup.Escape(where)}[/]  {Markup.Escape(finding.Text)}");
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
