using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests;

/// <summary>Patients that come again as they were are not read, and nobody can tell that from what is read.</summary>
public class MessagePartsTests
{
    private static readonly string[] Modules = ["ord", "str", "rad", "pak"];

    [Fact]
    public void The_modules_that_hold_patients_have_parts()
    {
        foreach (var module in Modules)
        {
            using var reading = Open(Encoding.UTF8.GetBytes(
                $"""
                <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_{module}" versjon="53.1.3" meldingstype="B"
                  fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-09">
                """), lengths: null);
            reading.Parts.ShouldNotBeNull(module);
        }
    }

    [Fact]
    public void A_patient_that_came_before_is_not_read_and_counts_as_read()
    {
        var before = Read(File(Patient("P1"), Patient("P2", rows: 2)));

        var after = Read(File(Patient("P1"), Patient("P2", rows: 2), Patient("P3")), before.Known);

        before.Patients.ShouldBe(["P1", "P2"]);
        after.Patients.ShouldBe(["P3"]);
        after.PassedOver.ShouldBe(2);
        after.Outcome.IsAccepted.ShouldBeTrue();
        after.Outcome.RecordCount.ShouldBe(before.Outcome.RecordCount + 1);
    }

    [Theory]
    [InlineData("fodselsar=\"1970\"", "fodselsar=\"1971\"")] // the patient itself
    [InlineData("institusjonID=\"974760673\"", "institusjonID=\"974749025\"")] // whose patient it is
    [InlineData("enhetLokal=\"Medisin\"", "enhetLokal=\"Kirurgi\"")] // what it may refer to
    [InlineData("tilDatoPeriode=\"2019-12-31\"", "tilDatoPeriode=\"2020-01-31\"")] // the year
    [InlineData("meldingstype=\"B\"", "meldingstype=\"K\"")]
    [InlineData("<Enhet ", "<!-- <Objektholder> --><Enhet ")] // what could deceive a search for tags
    public void What_may_make_other_rows_of_it_makes_it_be_read(string text, string changed)
    {
        var file = File(Patient("P1"));
        var before = Read(file);

        var after = Read(file.Replace(text, changed, StringComparison.Ordinal), before.Known);

        file.ShouldContain(text);
        after.PassedOver.ShouldBe(0);
        after.Patients.ShouldBe(["P1"]);
    }

    [Theory]
    [InlineData("uttakDato=\"2020-01-09\"", "uttakDato=\"2020-02-09\"")]
    [InlineData("lopenr=\"1\"", "lopenr=\"2\"")]
    [InlineData("tilDatoPeriode=\"2019-12-31\"", "tilDatoPeriode=\"2019-11-30\"")]
    [InlineData("\n<Enhet", "\n  <Enhet")]
    public void What_cannot_make_other_rows_of_it_does_not(string text, string changed)
    {
        var file = File(Patient("P1"));
        var before = Read(file);

        var after = Read(file.Replace(text, changed, StringComparison.Ordinal), before.Known);

        file.ShouldContain(text);
        after.PassedOver.ShouldBe(1);
    }

    [Fact]
    public void A_patient_with_a_finding_is_read_each_time_and_told_each_time()
    {
        var file = File(Patient("P1"), Patient("P2", sex: "7"), Patient("P3"));
        var before = Read(file);

        var after = Read(file, before.Known);

        after.Patients.ShouldBe(["P2"]);
        after.PassedOver.ShouldBe(2);
        after.Outcome.Findings.ShouldBe(before.Outcome.Findings);
        after.Outcome.Findings.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_patient_number_that_stands_twice_is_found_though_one_of_them_is_not_read()
    {
        var before = Read(File(Patient("P1")));

        var after = Read(File(Patient("P1"), Patient("P1", year: 1950)), before.Known);

        after.Outcome.IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public void Comments_leave_nothing_to_know_the_parts_by()
    {
        var file = File(Patient("P1"), Patient("P2"));

        Read(file.Replace("<Objektholder pasientNr=\"P2\"", "<!-- her --><Objektholder pasientNr=\"P2\"")).Known
            .ShouldBeEmpty();
        Read(file.Replace("<Pasient pasientNr=\"P2\"", "<!-- her --><Pasient pasientNr=\"P2\"")).Known
            .Count.ShouldBe(1);
    }

    [Fact]
    public void However_the_bytes_come_the_same_patients_are_known()
    {
        var numbers = new Numbers();
        var file = File([.. Enumerable.Range(0, 40).Select(i => Patient($"P{i}", rows: 1 + numbers.Below(4)))]);
        var known = Read(file).Known;

        for (var round = 0; round < 50; round++)
        {
            var some = known.Where(_ => numbers.Below(2) == 0).ToDictionary();
            var after = Read(file, some, numbers);

            after.Outcome.IsAccepted.ShouldBeTrue();
            after.PassedOver.ShouldBe(some.Count);
            after.Known.Keys.Concat(some.Keys).ShouldBe(known.Keys, ignoreOrder: true);
        }
    }

    private sealed record WhatWasRead(
        string[] Patients, Dictionary<UInt128, int> Known, int PassedOver, MessageOutcome Outcome);

    private static WhatWasRead Read(string file, Dictionary<UInt128, int>? known = null, Numbers? lengths = null)
    {
        using var reading = Open(Encoding.UTF8.GetBytes(file), lengths);
        var parts = reading.Parts;
        parts?.Know(digest => known?.TryGetValue(digest, out var rows) == true ? rows : null);
        var (patients, rowsOf) = (new List<string>(), new Dictionary<int, int>());
        while (reading.Next() is { } batch)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (batch.Parts![row] is not (> 0 and var part)) continue;
                if (batch.Type.IsKeyedByPerson) patients.Add(batch.Persons[row].LocalId!);
                rowsOf[part] = rowsOf.GetValueOrDefault(part) + 1;
            }
        }

        var found = rowsOf.Where(of => parts is not null && parts.DigestOf(of.Key) != MessageParts.NoDigest)
            .ToDictionary(of => parts!.DigestOf(of.Key), of => of.Value);
        return new WhatWasRead([.. patients], found, parts?.PassedOver.Count ?? 0, reading.Outcome);
    }

    private static MessageReading Open(byte[] bytes, Numbers? lengths)
    {
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2020, 1, 9));
        var opening = Kit.Catalogue.OpenXml(
            lengths is null ? new MemoryStream(bytes) : new StutteringStream(bytes, lengths), options);
        return opening.Reading.ShouldNotBeNull($"{opening.Refusal}");
    }

    /// <param name="rows">Records it gives: the patient, and referrals.</param>
    private static string Patient(string number, int year = 1970, string sex = "1", int rows = 1)
    {
        var referrals = string.Concat(Enumerable.Range(1, rows - 1).Select(Referral));
        return $"""
            <Objektholder pasientNr="{number}">
            <Pasient pasientNr="{number}" kjonn="{sex}" fodselsar="{year}">
            </Pasient>
            {referrals}</Objektholder>

            """;
    }

    private static string Referral(int number) =>
        $"""
        <Henvisningsperiode henvisningsperiodeID="H{number}">
        <Henvisning henvID="1" mottaksDato="2019-02-03" frittBehandlingsvalg="1" komNrHjem="0301">
        <RefEnhet enhetID="A" typeEnhet="1"/><RefEnhet enhetID="A" typeEnhet="7"/><RefEnhet enhetID="A" typeEnhet="2"/>
        </Henvisning>
        </Henvisningsperiode>

        """;

    private static string File(params string[] patients) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-09" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
        <Kontaktperson kontPerson="Kari" meldEpost1="kari@example.no" typeKontaktperson="1"/>
        <Institusjon institusjonID="974760673">
        <Enhet enhetID="A" enhetLokal="Medisin"/>
        {string.Concat(patients)}
        </Institusjon>
        </Melding>
        """;

    /// <summary>The same numbers each time.</summary>
    private sealed class Numbers
    {
        private uint _state = 17;

        public int Below(int limit)
        {
            _state = unchecked((_state * 1_664_525) + 1_013_904_223);
            return (int)((_state >> 8) % limit);
        }
    }

    /// <summary>Gives the bytes in pieces of any length.</summary>
    private sealed class StutteringStream(byte[] bytes, Numbers lengths) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, 1 + lengths.Below(89)));
    }
}
