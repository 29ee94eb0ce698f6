using System.CommandLine;
using System.Globalization;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Completeness;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Holds a quality registry's list against the register, both ways.</summary>
internal static class CoverageCommand
{
    private static readonly Argument<FileInfo> List = new("file")
    {
        Description = "The quality registry's list, .csv or .ndjson, with person, enhet and dato.",
    };

    private static readonly Option<string> Registry = new("--registry")
    {
        Description = "What it is called.", Required = true,
    };

    private static readonly Option<RegisterCode> Register = new("--register")
    {
        Description = "Npr or Kpr.", Required = true,
    };

    private static readonly Option<int> Year = new("--year")
    {
        Description = "The year the contacts are of.", Required = true,
    };

    private static readonly Option<string> Codes = new("--codes")
    {
        Description = "Beginnings of diagnoses it is about, such as I21,I22; all contacts when left out.",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> Procedures = new("--procedures")
    {
        Description = "Beginnings of procedures that were done, such as NFB,NGB; with --codes, both hold.",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<int> Days = new("--days")
    {
        Description = $"Days that a contact's date may differ, 0 to {AnalyseCompleteness.DaysApartMax}.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<string> Case = new("--case")
    {
        Description = "Case reference; it goes into the audit log.", Required = true,
    };

    public static Command Create()
    {
        var command = new Command("coverage", """
            Coverage analysis (dekningsgradsanalyse): how much of what either knows a quality registry has, and how much
            NPR or KPR has, by person and by contact, at each unit. Numbers under 5 are shown as <5. Persons are looked
            up in the vault; none of the list is kept. Units with low coverage get a finding.

            Example:
              kilde quality coverage hjerte.csv --registry Hjerteinfarktregisteret --register Npr --year 2025
                --codes I21,I22 --case SAK-12
            """)
        { List, Registry, Register, Year, Codes, Procedures, Days, Case };
        command.SetAction((call, cancellation) => WithServices.RunAsync(
            services => AnalyseAsync(call, services, cancellation)));
        return command;
    }

    private static async Task<int> AnalyseAsync(
        ParseResult call, IServiceProvider services, CancellationToken cancellation)
    {
        var list = call.GetRequiredValue(List);
        if (FormOf(list) is not { } form) return await ExitCodes.RefuseAsync("The list is a file, .csv or .ndjson.");
        if (!DataYear.TryFrom(call.GetValue(Year), out var year))
            return await ExitCodes.RefuseAsync("There is no such year.");
        if (call.GetValue(Days) is < 0 or > AnalyseCompleteness.DaysApartMax)
            return await ExitCodes.RefuseAsync($"--days is 0 to {AnalyseCompleteness.DaysApartMax}.");
        var (codes, procedures) = (WordsOf(call, Codes), WordsOf(call, Procedures));
        if (Math.Max(codes.Length, procedures.Length) > AnalyseCompleteness.CodesMax)
            return await ExitCodes.RefuseAsync(
                $"--codes and --procedures have at most {AnalyseCompleteness.CodesMax} each.");
        try
        {
            await using var stream = list.OpenRead();
            Tell(await services.GetRequiredService<AnalyseCompleteness>().RunAsync(
                new CompletenessQuestion(
                    call.GetRequiredValue(Registry), call.GetValue(Register), year, codes, call.GetValue(Days))
                {
                    Procedures = procedures,
                },
                stream, form, services.GetRequiredService<PersonIdentifierPolicy>(),
                new AccessGround(CommandActor.Current, "dekningsgradsanalyse, R7.43", call.GetRequiredValue(Case)),
                cancellation));
            return ExitCodes.Done;
        }
        catch (RegistryListException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return ExitCodes.Wrong;
        }
    }

    private static void Tell(CompletenessAnalysis analysis)
    {
        foreach (var basis in analysis.Units.GroupBy(unit => unit.Basis))
        {
            var table = new Table().Border(TableBorder.Minimal).Title($"{basis.Key}").AddColumns(
                "Unit", "Only quality registry", "Both", "Only register", "Quality registry", "Register");
            foreach (var unit in basis)
            {
                table.AddRow(
                    Markup.Escape(unit.Unit ?? "All"), $"{unit.OnlyRegistry}", $"{unit.Both}", $"{unit.OnlyRegister}",
                    Percent(unit.OfRegistry), Percent(unit.OfRegister));
            }

            AnsiConsole.Write(table);
        }

        AnsiConsole.WriteLine(
            $"{analysis.Rows} rows of the year, {analysis.OtherYears} of others; {analysis.WithoutNumber} without a "
            + $"number, and {analysis.WithoutPerson} contacts without a known person, are left out. "
            + $"{analysis.FindingsOpened} findings opened.");
    }

    private static string Percent(ToldShare share) => share.Share is { } told
        ? string.Create(CultureInfo.InvariantCulture, $"{(share.IsAtLeast ? "≥ " : "")}{told * 100:0.0} %")
        : "–";

    private static string[] WordsOf(ParseResult call, Option<string> option) => call.GetRequiredValue(option).Split(
        ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static RegistryListForm? FormOf(FileInfo file) => file switch
    {
        { Exists: false } => null,
        { Extension: ".csv" } => RegistryListForm.Csv,
        { Extension: ".ndjson" } => RegistryListForm.Ndjson,
        _ => null,
    };
}
