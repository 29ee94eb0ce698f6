using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Kernel;
using Kilde.Register.Comparing;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A municipality's chains of notifications from files to the register: a message that got lost is told, and its hole
/// closes when it comes; and patients of the trust are met again in the municipality as the same persons.
/// </summary>
public sealed class MunicipalChainTests(MunicipalSite town) : IClassFixture<MunicipalSite>, IDisposable
{
    private static readonly MunicipalityYearOrder Year = new()
    {
        Municipality = MunicipalityCode.Parse("1103"),
        AsOf = new DateOnly(2022, 3, 31),
        Seed = 11,
        Share = 0.03,
        DaysPerMessage = 30,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-chains-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MunicipalityFileKind.ChildHealth, "KPR_HST", "hst_konsultasjon_xml", "Konsultasjon")]
    [InlineData(MunicipalityFileKind.CareEvents, "KPR_IPL", "ipl_tjenesteslutt", null)]
    public async Task A_lost_message_is_told_and_its_hole_closes_when_it_comes(
        MunicipalityFileKind kind, string type, string table, string? element)
    {
        var site = town.Site;
        var files = Write(Year, kind);
        files.Count.ShouldBeGreaterThan(2);

        await IngestAsync(site, [files[0], .. files[2..]]);

        var (_, holes) = await site.RunAsync(["register", "holes", "--sender", "1103"], Cancellation);
        holes.ShouldContain($"1103 {type} nr. ");
        holes.ShouldContain("KPR-KJE-004");
        (await site.ReadAsync<long>(
            $$"""
            select count(*) from intake.submission s
            join intake.judgement j using (submission_id)
            where s.message_type = '{{type}}' and s.finding_count > 0 and s.findings @> '[{"ruleId": "KPR-KJE-004"}]'
              and j.broken_rules @> '[{"ruleId": "KPR-KJE-004", "count": 1}]'
            """, Cancellation)).ShouldBe([1]);

        await IngestAsync(site, [files[1]]);

        (await site.RunAsync(["register", "holes"], Cancellation)).Output.ShouldContain("Every chain is whole.");
        var standing = (await site.ReadAsync<long>($"select count(*) from register.{table}", Cancellation)).Single();
        standing.ShouldBeGreaterThan(0);
        if (element is not null) standing.ShouldBe(files.Sum(file => Elements(file, element).Count()));
        (await site.ReadAsync<long>("select count(*) from intake.set_aside", Cancellation)).ShouldBe([0]);
        await ShouldCompareAsync(type, element ?? "TjenesteSlutt", table, standing);
    }

    // What the municipality has of its own, by its files of chains, is what the register has.
    private async Task ShouldCompareAsync(string type, string record, string table, long standing)
    {
        var sender = (await town.Site.ReadAsync<string>(
            $"select distinct sender from register.{table}_locator", Cancellation)).Single();
        var (example, file) = (
            Path.Combine(town.Site.Folder, $"{type}-key.json"), Path.Combine(town.Site.Folder, $"{type}-own.json"));
        await town.Site.UseAsync(async services =>
        {
            var compare = services.GetRequiredService<CompareRecords>();
            var key = await compare.ReadKeyAsync(sender, Cancellation);
            var given = new JsonObject
            {
                [DigestFile.KeyName] = Convert.ToBase64String(key), [DigestFile.SenderName] = sender,
            };
            await File.WriteAllTextAsync(example, given.ToJsonString(), Cancellation);

            var (made, told) = await town.Site.RunAsync(
                ["compare", _folder.FullName, "--record", record, "--key", example, "--digests", file], Cancellation);

            made.ShouldBe(0, told);
            var message = services.GetRequiredService<DefinitionCatalogue>().Find(type, "56.0.0")!;
            var own = JsonSerializer.Deserialize<DigestFile>(
                await File.ReadAllTextAsync(file, Cancellation), DigestFile.Json)!
                .Read(message, new RecordDigests(key), RecordMonth.None, RecordMonth.Max);
            var register = compare.SideOf(ComparedRecords.Of(
                message, message.RecordTypes.Single(each => each.WireName == record), sender,
                new AccessGround(new Actor("client", "test"), "comparison")));
            own.Sums.ShouldBe(
                await register.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, Cancellation), ignoreOrder: true);
            own.Sums.Values.Sum(sum => sum.Count).ShouldBe((int)standing);
        });
    }

    [Fact]
    public async Task The_chronically_ill_are_the_same_persons_in_hospital_and_in_the_municipality()
    {
        await using var fresh = new MunicipalSite();
        await fresh.InitializeAsync();
        var site = fresh.Site;
        var (activity, identity) = WriteTrust();
        var care = Write(Year with { DaysPerMessage = 366 }, MunicipalityFileKind.CareEvents).Single();

        await IngestAsync(site, [identity, activity, care]);

        var told = Elements(identity, "PasientIdent").DistinctBy(one => one["pid"])
            .ToDictionary(one => one["pid"], one => one["fid"]);
        var patients = Elements(activity, "Objektholder", holding: "Episode").Select(one => told[one["pasientNr"]]);
        var users = Elements(care, "Bruker", below: "TjenesteStart").Select(one => one["fid"]);
        var both = patients.Intersect(users).Where(fid => PersonIdentifier.TryParse(fid, out _)).ToList();
        both.Count.ShouldBeGreaterThan(3);
        (await site.ReadAsync<long>(
            """
            select count(distinct person_key)
            from register.ord_episode join register.ipl_tjenestestart using (person_key)
            where person_key > 0
            """, Cancellation)).ShouldBe([both.Count]);
        await CompareByProcedureAsync(site, activity, told);
    }

    // A quality registry of what was done, that knows one of those it was done to (R7.43).
    private async Task CompareByProcedureAsync(
        KildeSite site, string activity, Dictionary<string, string> told)
    {
        var done = (
            from episode in XDocument.Load(activity).Descendants().Where(each => each.Name.LocalName == "Episode")
            from procedure in episode.Descendants().Where(each => each.Name.LocalName == "Prosedyre")
            from code in procedure.Elements()
            let fid = told[AncestorOf(episode, "Objektholder").Attribute("pasientNr")!.Value]
            where PersonIdentifier.TryParse(fid, out _)
            select (
                Code: code.Attribute("kodeVerdi")!.Value, Fid: fid,
                Unit: AncestorOf(episode, "Institusjon").Attribute("institusjonID")!.Value,
                Day: episode.Attribute("innDatoTid")!.Value[..10])).ToList();
        var chosen = done.GroupBy(each => each.Code[..3]).OrderByDescending(code => code.Count()).First();
        var one = chosen.First(each => each.Day.StartsWith("2019", StringComparison.Ordinal));
        var list = Path.Combine(_folder.FullName, "register.csv");
        await File.WriteAllTextAsync(list, $"person;enhet;dato\n{one.Fid};{one.Unit};{one.Day}\n", Cancellation);

        var (exitCode, output) = await site.RunAsync(
            ["quality", "coverage", list, "--registry", "Prøve", "--register", "Npr", "--year", "2019",
                "--procedures", chosen.Key, "--case", "SAK-1"], Cancellation);

        exitCode.ShouldBe(0, output);
        var persons = chosen.Where(each => each.Day.StartsWith("2019", StringComparison.Ordinal))
            .Select(each => (each.Unit, each.Fid)).Distinct().Count();
        (await site.ReadAsync<string>(
            """
            select sum(in_both) || ' ' || sum(in_both + only_register) from quality.completeness_unit
            where basis = 'persons'
            """, Cancellation)).ShouldBe([$"1 {persons}"]);
        persons.ShouldBeLessThan(done.Select(each => (each.Unit, each.Fid)).Distinct().Count());
    }

    private static XElement AncestorOf(XElement element, string name) =>
        element.Ancestors().First(each => each.Name.LocalName == name);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task IngestAsync(KildeSite site, IEnumerable<string> files)
    {
        var (exitCode, output) = await site.RunAsync(["ingest", .. files, "--wait"], Cancellation);
        exitCode.ShouldBe(0, output);
    }

    private List<string> Write(MunicipalityYearOrder order, MunicipalityFileKind kind)
    {
        var files = new List<string>();
        MunicipalityYear.Write(order, [kind], name =>
        {
            files.Add(Path.Combine(_folder.FullName, name));
            return File.Create(files[^1]);
        });
        return files;
    }

    private (string Activity, string Identity) WriteTrust()
    {
        var (activity, identity) = (
            Path.Combine(_folder.FullName, "ord.xml"), Path.Combine(_folder.FullName, "ide.xml"));
        using var activityStream = File.Create(activity);
        using var identityStream = File.Create(identity);
        TrustYear.Write(
            new TrustYearOrder
            {
                Trust = TrustDirectory.Find("Rogaland")!, AsOf = new DateOnly(2019, 12, 31), Seed = Year.Seed,
                Share = 0.02,
            },
            new Dictionary<TrustFileKind, Stream>
            {
                [TrustFileKind.Activity] = activityStream,
                [TrustFileKind.Identity] = identityStream,
            });
        return (activity, identity);
    }

    // Attributes of each element of the name; of those only that hold, or stand in, another.
    private static IEnumerable<Dictionary<string, string>> Elements(
        string file, string name, string? holding = null, string? below = null)
    {
        using var xml = XmlReader.Create(file);
        Dictionary<string, string>? waiting = null;
        var parent = "";
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (waiting is not null && xml.LocalName == holding)
            {
                yield return waiting;
                waiting = null;
            }

            if (xml.LocalName == name && (below is null || parent == below))
            {
                var attributes = AttributesOf(xml);
                if (holding is null) yield return attributes;
                else waiting = attributes;
            }

            parent = xml.LocalName;
        }
    }

    private static Dictionary<string, string> AttributesOf(XmlReader xml)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (xml.MoveToNextAttribute()) attributes[xml.LocalName] = xml.Value;
        xml.MoveToElement();
        return attributes;
    }
}
