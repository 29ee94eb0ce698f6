using System.CommandLine;
using Kilde.Kernel;
using Kilde.Quality.Declaration;
using Kilde.Quality.Documents;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Makes the declaration of quality of an area and a year.</summary>
internal static class DeclarationCommand
{
    public static Command Create()
    {
        var register = new Argument<RegisterCode>("register") { Description = "Kpr or Npr." };
        var area = new Argument<string>("area") { Description = "The area, for example HST." };
        var year = new Argument<int>("year") { Description = "The year the data are about." };
        var output = new Option<string?>("--out", "-o") { Description = "File for the whole declaration, as HTML." };
        var command = new Command("declaration", """
            Declares the quality of an area and a year: who has reported, how well each item is filled in (poor under
            50 %, good over 90 %), and what the checks have found.

            Examples:
              kilde quality declaration Kpr HST 2026
              kilde quality declaration Kpr PLO 2025 --out kvalitet.html
            """)
        { register, area, year, output };
        command.SetAction((call, cancellation) => WithServices.RunAsync(async services =>
        {
            if (!DataYear.TryFrom(call.GetValue(year), out var of))
                return await ExitCodes.RefuseAsync("There is no such year.");
            var declare = services.GetRequiredService<DeclareQuality>();
            var declaration = await declare.DeclareAsync(
                call.GetValue(register), call.GetRequiredValue(area), of, cancellation);
            if (declaration is null)
            {
                var known = declare.Areas.Select(each => $"{each.Register} {each.Area}");
                return await ExitCodes.RefuseAsync($"There is no such area. There are: {string.Join(", ", known)}.");
            }

            Tell(declaration);
            var document = DeclarationDocument.Write(declaration, ReportTexts.In(ReportTexts.Bokmaal));
            if (call.GetValue(output) is { } file) await File.WriteAllBytesAsync(file, document, cancellation);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void Tell(QualityDeclaration declaration)
    {
        var console = AnsiConsole.Console;
        console.MarkupLine(Markup.Escape(
            $"{DeclarationDocument.TitleOf(declaration)}: {declaration.Reported} of {declaration.Expected} units have "
            + $"reported; items good {declaration.CountOf(ItemGrade.Good)}, "
            + $"medium {declaration.CountOf(ItemGrade.Medium)}, poor {declaration.CountOf(ItemGrade.Poor)}."));
        var table = new Table().Border(TableBorder.Minimal).AddColumns("Records", "Item", "Valid", "Unknown", "Grade");
        foreach (var records in declaration.Records)
        {
            foreach (var item in records.Items)
            {
                table.AddRow(
                    Markup.Escape(records.MessageType), Markup.Escape(item.Title.In("en")),
                    DeclarationDocument.Percent(item.ValidShare), $"{item.Unknown}", $"{item.Grade}");
            }
        }

        if (declaration.Records.Count > 0) console.Write(table);
        foreach (var finding in declaration.Findings)
        {
            console.MarkupLine(Markup.Escape(
                $"{finding.CheckId} {finding.Standing} findings: {finding.Titles.In("en")}"));
        }
    }
}
