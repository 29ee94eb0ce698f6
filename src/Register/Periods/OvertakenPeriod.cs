using System.Globalization;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Periods;

/// <summary>A period in which a submission changed nothing, for a newer extraction had been merged.</summary>
/// <param name="Institution">The reporting unit as it names itself.</param>
/// <param name="Share">Its share that the submission is about; empty for none.</param>
/// <param name="By">The day of the newer extraction.</param>
public sealed record OvertakenPeriod(string Institution, string Share, DataYear Year, DateOnly By)
{
    /// <summary>The same for its sender.</summary>
    public Finding Finding
    {
        get
        {
            var rule = ReadingRules.Overtaken;
            return new Finding(rule.Id, rule.Severity, "/", string.Format(
                CultureInfo.InvariantCulture, rule.Text, $"{Shown(Institution)}{Shown(Share, " ")}, {Year}",
                $"{By:yyyy-MM-dd}"));
        }
    }

    // Nothing that could be taken for a person's number is told.
    private static string Shown(string id, string before = "") =>
        id.Length == 0 ? "" : before + (IdentifierInText.IsIn(id) ? "***" : id);
}
