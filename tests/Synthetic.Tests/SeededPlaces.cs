using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;
using Kilde.Kernel;

namespace Kilde.Synthetic.Tests;

/// <summary>Holds what findings tell as their places against where the faults were put.</summary>
internal static partial class SeededPlaces
{
    public static XDocument WithoutNamespace(byte[] file)
    {
        var message = XDocument.Load(new MemoryStream(file));
        foreach (var element in message.Descendants()) element.Name = element.Name.LocalName;
        return message;
    }

    /// <summary>
    /// Each finding stands at a fault that was put in for its rule, or within it; what is missing may be told above it.
    /// </summary>
    /// <param name="faults">Of the same file.</param>
    public static void ShouldBeTold(
        XDocument message, IEnumerable<SeededFault> faults, IEnumerable<Finding> findings)
    {
        var seeded = faults.Where(fault => fault.Rule is not null)
            .Select(fault => (fault.Rule, Find(message, fault.Place).Element)).ToHashSet();
        foreach (var finding in findings)
        {
            var (told, isThere) = Find(message, AfterPlace.Replace(finding.Path, ""));
            var stands = told.AncestorsAndSelf().Any(element => seeded.Contains((finding.RuleId, element)))
                || (!isThere && told.Descendants().Any(element => seeded.Contains((finding.RuleId, element))));
            stands.ShouldBeTrue($"{finding.RuleId} {finding.Path}");
        }
    }

    // What is missing is told where it should stand: the nearest that is there counts. A text is its element's.
    private static (XElement Element, bool IsThere) Find(XDocument message, string place)
    {
        for (var path = place; ; path = path[..path.LastIndexOf('/')])
        {
            var found = ((IEnumerable<object>)message.XPathEvaluate(path)).ToList();
            if (found.Count == 0) continue;
            var element = found[0] as XElement ?? ((XAttribute)found[0]).Parent!;
            var isText = found[0] is XElement { HasElements: false, HasAttributes: false };
            return (isText ? element.Parent! : element, path.Length == place.Length);
        }
    }

    [GeneratedRegex(@" \((nr|linje)[^)]*\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AfterPlace { get; }
}
