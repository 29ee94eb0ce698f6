using System.Text.RegularExpressions;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Synthetic;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// What register staff ask on the command line of a municipality's year: what statistics use of it, and what is to be
/// known of it.
/// </summary>
public sealed class QualityCommandTests(MunicipalSite town) : IClassFixture<MunicipalSite>, IDisposable
{
    private const string Municipality = "1103";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-quality-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2022, MunicipalityFileKind.CareEvents, "")]
    [InlineData(2019, MunicipalityFileKind.AnnualCare, "no_person")]
    public async Task What_statistics_use_of_a_year_is_counted_and_listed_record_by_record(
        int year, MunicipalityFileKind kind, string leftOutBy)
    {
        var care = Path.Combine(_folder.FullName, "care");
        await RunAsync(
            $"synthesize municipality -m {Municipality} --year {year} --share 3% --days-per-message 366 --only {kind} "
            + $"--errors 20% --error {FileFault.StartMissing} --out {care}");
        File.Delete(Path.Combine(care, FaultManifest.FileName));
        await RunAsync($"ingest {care} --wait");
        var list = Path.Combine(_folder.FullName, "records.csv");

        var all = await RunAsync($"quality eligible service {year} --out {list}");
        var own = await RunAsync($"quality eligible service {year} --sender {Municipality}");
        var none = await RunAsync($"quality eligible service {year} --sender 0301");

        var lines = (await File.ReadAllLinesAsync(list, Cancellation)).Where(line => line.Length > 0)
            .Select(line => line.Replace("\"", "", StringComparison.Ordinal)).ToList();
        lines[0].ShouldBe("sender;localId;municipality;code;leftOutBy");
        lines.Skip(1).ShouldAllBe(line => line.StartsWith($"{Municipality};", StringComparison.Ordinal));
        var rules = lines.Skip(1).Select(line => line.Split(';')[^1].Split(' ')).ToList();
        foreach (var rule in rules.SelectMany(each => each).Distinct())
            CountOf(all, rule.Length == 0 ? "Used" : rule).ShouldBe(rules.Count(each => each.Contains(rule)), rule);
        rules.ShouldContain(each => each.Contains(leftOutBy), all);
        own.ShouldBe(all);
        CountOf(none, "Used").ShouldBe(0);
    }

    [Theory]
    [InlineData("quality eligible bread 2022", "There are rules for service")]
    [InlineData("quality eligible service 1066", "There are rules for service")]
    [InlineData("quality caveat note 12 2022 --reason Mangler", "The unit is a municipality number of 4 digits")]
    [InlineData("quality caveat impute 110300 2022 --reason Mangler", "or an organisation number of 9")]
    [InlineData("quality caveat note 1103 1066 --reason Mangler", "The year is 1980 to 2099")]
    [InlineData("quality caveat impute 1103 2022 --reason 41819099934", "of no person")]
    [InlineData(
        "quality caveat undo 0198c1de-7a60-7c2e-8f0e-3f5f0c9f2a11 --reason Feil", "There is no such caveat")]
    public async Task A_wrong_call_is_told_why_and_ends_with_2(string call, string told)
    {
        var (exitCode, output) = await town.Site.RunAsync(call.Split(' '), Cancellation);

        exitCode.ShouldBe(2, output);
        output.ShouldContain(told);
    }

    [Fact]
    public async Task A_caveat_is_noted_listed_and_undone_and_a_year_is_imputed_once()
    {
        const string unit = "0122";
        var noted = await AddAsync("note", unit, "Mangler om lag 500 personer");
        var imputed = await AddAsync("impute", unit, "Leverte ikke, sammenslåing");

        var (again, refusal) = await town.Site.RunAsync(
            ["quality", "caveat", "impute", unit, "2019", "--reason", "Leverte ikke"], Cancellation);
        var listed = await RunAsync("quality caveat list");

        again.ShouldBe(2, refusal);
        refusal.ShouldContain("The year is counted as the year before already.");
        listed.ShouldContain($"{noted} 2019 {unit} Noted: Mangler om lag 500 personer");
        listed.ShouldContain($"{imputed} 2019 {unit} Imputed: Leverte ikke, sammenslåing");

        await RunAsync($"quality caveat undo {imputed} --reason Kom_likevel");
        (await RunAsync("quality caveat list")).ShouldNotContain(imputed);
        await RunAsync($"quality caveat undo {noted} --reason Rettet");
        (await RunAsync("quality caveat list")).ShouldNotContain(noted);
        (await town.Site.ReadAsync<string>(
            """
            select action || ' ' || subject from audit.entry where action like 'caveat.%' order by action, sequence_no
            """, Cancellation)).ShouldBe(
            [$"caveat.imputed {unit} 2019", $"caveat.noted {unit} 2019", $"caveat.undone {unit} 2019",
                $"caveat.undone {unit} 2019"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> AddAsync(string kind, string unit, string reason)
    {
        var (exitCode, output) = await town.Site.RunAsync(
            ["quality", "caveat", kind, unit, "2019", "--reason", reason], Cancellation);
        exitCode.ShouldBe(0, output);
        return output.Trim().Split(' ')[0];
    }

    private async Task<string> RunAsync(string call)
    {
        var (exitCode, output) = await town.Site.RunAsync(call.Split(' '), Cancellation);
        exitCode.ShouldBe(0, output);
        return output;
    }

    // The number of records in the row of the table that begins so.
    private static int CountOf(string table, string row) =>
        int.Parse(Regex.Match(
            table, $@"{row}\D*?│\s*(?<records>\d+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Groups["records"].Value);
}
