namespace Kilde.Definitions.Rules;

/// <summary>Paths that name what the message tells about itself.</summary>
internal static class MessagePaths
{
    private const string Prefix = "message/";
    private const string Kind = Prefix + "kind";
    private const string From = Prefix + "from";

    private static readonly Dictionary<string, Func<MessageFacts, DateOnly?>> Days = new(StringComparer.Ordinal)
    {
        [From] = facts => facts.From,
        [Prefix + "to"] = facts => facts.To,
        [Prefix + "extractedOn"] = facts => facts.ExtractedOn,
    };

    public static IEnumerable<string> All => Days.Keys.Append(Kind);

    /// <summary>The name in the envelope.</summary>
    public static string NameOf(string path) => path[Prefix.Length..];

    /// <summary>Null when the path names nothing of the message.</summary>
    public static Item? Find(string path, Shape home, int slot)
    {
        if (path == Kind) return new MessageTextItem(path, home, slot, facts => facts.Kind);
        if (!Days.TryGetValue(path, out var read)) return null;
        return new MessageDayItem(path, home, slot, read) { MayBeLater = path != From };
    }
}
