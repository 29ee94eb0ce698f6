using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Silence;
using Kilde.Register.Comparing;

namespace Kilde.Intake.Slash.Comparing;

/// <summary>Reads what a sender asks, and says what is wrong with it.</summary>
internal static class CompareReading
{
    /// <summary>Parts, children of parts, and records to be named, in one question.</summary>
    public const int NodesMax = 4096;
    public const int ChildrenMax = 1 << 18;

    /// <summary>The type and the list of records that is asked about.</summary>
    public static (MessageType? Type, RecordType? Record, Refusal? Refusal) FindRecord(
        CompareRequest request, DefinitionCatalogue catalogue)
    {
        var type = catalogue.Find(request.MessageType ?? "", request.MessageVersion ?? "1");
        if (type is null)
        {
            return (null, null, Refusal.BadQuestion(
                "messageType", new(
                    "Det finnes ingen slik meldingstype og versjon her.",
                    "Det finst ingen slik meldingstype og versjon her.",
                    "There is no such message type and version here.")));
        }

        var covered = RecordDigests.CoveredOf(type);
        var named = request.Record is { } name
            ? covered.FirstOrDefault(record => record.WireName == name)
            : covered is [var only] ? only : null;
        if (named is not null) return (type, named, null);
        var lists = string.Join(", ", covered.Select(one => one.WireName));
        return (type, null, Refusal.BadQuestion("record", covered.Count == 0
            ? new(
                $"{type.Name} sammenlignes ikke: meldingene har ingen poster å sammenligne.",
                $"{type.Name} blir ikkje samanlikna: meldingane har ingen postar å samanlikne.",
                $"{type.Name} is not compared: the messages have no records to compare.")
            : new(
                $"Oppgi hvilken liste som sammenlignes: {lists}.",
                $"Oppgi kva liste som blir samanlikna: {lists}.",
                $"Tell which list is compared: {lists}.")));
    }

    public static (RecordMonth From, RecordMonth To)? Months(CompareRequest request)
    {
        if (!RecordMonth.TryParse(request.From ?? "", out var from)) return null;
        if (!RecordMonth.TryParse(request.To ?? "", out var to)) return null;
        return (from, request.To is null ? RecordMonth.Max : to);
    }

    /// <summary>What the sender tells that it has of the months; null when it cannot be read, or is too much.</summary>
    public static IReadOnlyDictionary<DigestPlace, OwnMonth>? Own(IReadOnlyList<CompareMonth> told)
    {
        var own = new Dictionary<DigestPlace, OwnMonth>();
        if (told.Count > HearOwnCounts.PlacesMax) return null;
        foreach (var one in told)
        {
            if (one is not { Unit: not null, Month: not null, Count: >= 0 } || one.Missing < 0) return null;
            if (!RecordMonth.TryParse(one.Month, out var month)) return null;
            if (!DigestText.TryParse(one.Digest, out var digest) || one.Missing > one.Count) return null;
            var sum = new OwnMonth(new DigestSum(one.Count, digest), one.Missing);
            if (!own.TryAdd(new DigestPlace(one.Unit, month), sum)) return null;
        }

        return own;
    }

    /// <summary>The parts asked about; null when they cannot be read, or are too many.</summary>
    public static List<DigestNode>? Nodes(CompareRequest request, int split)
    {
        var nodes = new List<DigestNode>();
        foreach (var group in request.Nodes ?? [])
        {
            if (!RecordMonth.TryParse(group.Month ?? "", out var month)) return null;
            if (group.Bits < 0 || group.Bits + split > DigestNode.BitsMax) return null;
            if (nodes.Count + (group.Prefixes?.Count ?? 0) > NodesMax) return null;
            foreach (var prefix in group.Prefixes ?? [])
            {
                if (prefix >> group.Bits != 0) return null;
                nodes.Add(new DigestNode(new DigestPlace(group.Unit ?? "", month), prefix, group.Bits));
            }
        }

        return nodes.Count << split <= ChildrenMax ? nodes : null;
    }

    public static List<(DigestPlace Place, ulong Id)>? Names(CompareRequest request)
    {
        var names = new List<(DigestPlace Place, ulong Id)>();
        foreach (var group in request.Names ?? [])
        {
            if (!RecordMonth.TryParse(group.Month ?? "", out var month)) return null;
            var place = new DigestPlace(group.Unit ?? "", month);
            names.AddRange(CompareWire.UnpackIds(group.Ids ?? []).Select(id => (place, id)));
            if (names.Count > NodesMax) return null;
        }

        return names;
    }
}
