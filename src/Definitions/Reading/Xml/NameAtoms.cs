using System.Xml;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Names as the reader gives them: the same name is the same string, and nothing else is compared.</summary>
internal readonly struct NameAtoms(XmlReader xml, IEnumerable<string> names)
{
    private readonly string[] _names = [.. names.Select(xml.NameTable.Add)];

    /// <summary>−1 when it is none of them.</summary>
    /// <param name="guess">
    /// Where it most often is: senders write attributes and elements in one order, that of the definition.
    /// </param>
    public int IndexOf(string name, int guess)
    {
        var atoms = _names;
        for (var i = guess; i < atoms.Length; i++)
        {
            if (ReferenceEquals(atoms[i], name)) return i;
        }

        for (var i = 0; i < atoms.Length && i < guess; i++)
        {
            if (ReferenceEquals(atoms[i], name)) return i;
        }

        return -1;
    }
}
